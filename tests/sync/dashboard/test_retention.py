"""The page of what is let go of: how long, why, when it last went, and what to do when it has not."""

import re
from datetime import datetime, timedelta

import pytest

from sync.dashboard.roles import Role
from sync.store import retention
from sync.store.retention import Job
from tests.sync.dashboard.house import Browser, House
from tests.sync.dashboard.test_accounts import member_of

PAGE = "/retention"
TROUBLE = "for two days. Restart the hub."


@pytest.fixture
def browser(house):
    browser = Browser(house)
    browser.set_up()
    return browser


def note(house: House, job: Job, ago: timedelta, removed: int = 0) -> None:
    at: datetime = house.clock.at() - ago
    at_us = int(at.timestamp() * 1_000_000)
    house.database.write_now(lambda c: retention.note(c, job, at.date(), at_us, removed))


def page(browser: Browser) -> str:
    """Return what the page says, without tags."""
    main = browser.get(PAGE).text.partition("<main")[2]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def test_nobody_sees_it_without_logging_in(house):
    assert Browser(house).get(PAGE).status == 303


@pytest.mark.parametrize(
    ("role", "status"), [(Role.HOST, 200), (Role.AUDITOR, 200), (Role.ADMIN, 200), (Role.VIEWER, 403)]
)
def test_it_is_for_hosts_and_auditors(house, browser, role, status):
    other = member_of(house, browser, role, "sacha")
    assert other.get(PAGE).status == status
    assert ('href="/retention"' in other.get("/accounts").text) == (status == 200)


def test_before_the_first_night_nothing_is_wrong(browser):
    text = page(browser)
    assert text.count("Not looked through yet") == len(Job)
    assert TROUBLE not in text


def test_it_says_how_long_each_thing_is_kept_and_when_it_last_went(house, browser):
    note(house, Job.TAPS, timedelta(days=9), removed=40)
    note(house, Job.TAPS, timedelta(hours=6), removed=12)
    for job in Job:
        if job is not Job.TAPS:
            note(house, job, timedelta(hours=30))
    text = page(browser)
    assert "Kept for 90 days, so that hosts can look back." in text
    assert "Last looked through: 3:42. 12 removed that day, 52 in the last thirty days." in text
    assert "Kept for 365 days" in text
    assert "Last looked through: yesterday, 3:42. There was nothing to remove" in text
    assert TROUBLE not in text


def test_two_days_without_a_run_are_said_with_what_to_do(house, browser):
    note(house, Job.GUESTS, timedelta(days=3))
    note(house, Job.GUESTS, timedelta(hours=1))
    note(house, Job.TAPS, timedelta(days=2, minutes=1))
    others = len(Job) - 1
    assert f"{others} things have not been looked through {TROUBLE}" in page(browser), "those that never ran"
    for job in Job:
        if job is not Job.TAPS:
            note(house, job, timedelta(hours=1))
    text = page(browser)
    assert f"One thing has not been looked through {TROUBLE}" in text
    assert "sudo foyer doctor" in text
    note(house, Job.TAPS, timedelta(hours=47))
    assert TROUBLE not in page(browser)


def test_it_is_told_in_french_and_spanish(browser):
    for language, said in (("fr", "Gardés 90 jours"), ("es", "Se guardan 90 días")):
        form = {"form_token": browser.form_token(PAGE), "language": language, "back": PAGE}
        assert browser.post("/language", form).headers["location"] == PAGE
        assert said in page(browser)
