"""A host puts right who is in, and when they came or left: written beside what is known, never over it."""

import asyncio
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from community.events import CheckedIn, CheckedOut, VisitCorrected
from community.ids import HUB, MemberId
from sync.dashboard import by_hand
from sync.store import deeds, log
from sync.views.by_hand import read_put_right
from sync.views.people import read_directory
from tests.sync.dashboard.house import Browser, House

PAGE = "/visits"
ADA = MemberId("ada")


@pytest.fixture
def ada(house: House) -> MemberId:
    return house.member("ada", "Ada", trade="baker")


def seen(text: str, member: MemberId = ADA) -> str:
    line = text.partition(f'id="m-{member}"')[2]
    found = re.search(r'name="seen" value="([^"]*)"', line)
    assert found, text
    return found[1]


def does(browser: Browser, **fields: str) -> str:
    """Send a form, and return what the page it leads to says."""
    page = browser.get(PAGE)
    if "id" in fields and "seen" not in fields:
        fields["seen"] = seen(page.text, MemberId(fields["id"]))
    answer = browser.post(PAGE, {"form_token": page.form_token, **fields})
    if answer.status == 422:
        return answer.text
    assert answer.status == 303
    return browser.get(answer.headers["location"]).text


def record(house: House) -> list[tuple[str, str, str]]:
    done = house.database.read_now(lambda c: deeds.latest(c, 10))
    return [(each.deed.value, each.host, each.subject) for each in done]


def inside(house: House) -> list[MemberId]:
    return [visit.member_id for visit in house.on_loop(house.presence.present, house.clock.at())]


def test_nobody_sees_it_without_logging_in(house):
    assert Browser(house).get(PAGE).status == 303


def test_somebody_who_forgot_their_badge_is_checked_in_by_name(house, host, ada):
    assert (
        ">9:30</time>."
        in does(host, do="in", member="ada", arrived="9:30").partition("Noted: Ada, in since")[2]
    )
    assert inside(house) == [ada]
    assert record(house)[0] == ("checked-in", "camille", "ada")
    home = host.get("/").text
    assert ">9:30</time>" in home
    assert "by a host’s hand" in home
    house.clock.move(timedelta(hours=1))
    house.happen(CheckedIn(ada))
    (visit,) = house.on_loop(house.presence.present, house.clock.at())
    assert visit.arrived.minute == 30, "the tap is no second arrival"


def test_somebody_who_forgot_to_check_out_is_and_the_taps_stay_as_they_were(house, host, ada):
    house.happen(CheckedIn(ada))
    house.clock.move(timedelta(hours=2))
    assert "Noted: Ada, gone at" in does(host, do="out", id="ada")
    assert inside(house) == []
    stored = house.database.read_now(lambda c: log.since(c, 0))
    assert [(item.kiosk == HUB, type(item.record.event)) for item in stored] == [
        (False, CheckedIn),
        (True, VisitCorrected),
    ]
    assert record(house)[0] == ("checked-out", "camille", "ada")


def test_times_are_put_right_and_the_timeline_tells_them_so(house, host, ada):
    house.happen(CheckedIn(ada))
    house.clock.move(timedelta(hours=3))
    house.happen(CheckedOut(ada))
    text = does(host, do="times", id="ada", arrived="9:00", left="12:00")
    assert "Noted: Ada, here from" in text
    home = host.get("/").text
    assert ">9:00</time>" in home
    assert ">12:00</time>" in home
    assert ">12:42</time>" not in home
    assert record(house)[0] == ("times-corrected", "camille", "ada")
    text = does(host, do="times", id="ada", arrived="9:00", left="")
    assert inside(house) == [ada], "still here after all"
    assert "since" in text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"do": "in", "member": "Nobody"}, "no member has that name"),
        ({"do": "out", "id": "nobody", "seen": "none"}, "no member has that name"),
        ({"do": "fly", "id": "ada"}, "no member has that name"),
        ({"do": "times", "id": "ada", "arrived": "nine"}, "write a time of day"),
        ({"do": "times", "id": "ada", "arrived": "23:00"}, "has not come yet"),
        ({"do": "times", "id": "ada", "arrived": "9:30", "left": "9:00"}, "left before they came"),
        ({"do": "times", "id": "ada", "arrived": "9:42"}, "it stands so already"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_written(house, host, ada, fields, said):
    house.happen(CheckedIn(ada))
    before = record(house)
    assert said in does(host, **fields)
    assert record(house) == before
    assert inside(house) == [ada]


def test_leaving_and_times_are_undone_with_one_press(house, host, ada):
    house.happen(CheckedIn(ada))
    house.clock.move(timedelta(hours=2))
    text = does(host, do="out", id="ada")
    again = dict(
        re.findall(r'name="(id|seen|arrived|left)" value="([^"]*)"', text.partition('id="notice"')[2])[:4]
    )
    assert "Undo" in text
    assert again["left"] == ""
    assert "Noted: Ada, in since" in does(host, do="times", **again)
    assert inside(house) == [ada]
    text = host.get(f"{PAGE}?said=out&member=ada").text
    assert "gone at" not in text, "it is told as it is now"


def test_what_was_typed_stays_and_the_field_to_look_at_is_open(house, host, ada):
    text = does(host, do="in", member="Nobodi", arrived="9:10")
    assert 'value="Nobodi" aria-invalid="true" aria-describedby="problem" autofocus' in text
    assert 'value="9:10"' in text
    house.happen(CheckedIn(ada))
    text = does(host, do="times", id="ada", arrived="9:30", left="9:00")
    line = text.partition('id="m-ada"')[2]
    assert "Nothing was changed for Ada" in text
    assert 'value="9:00" aria-invalid="true" aria-describedby="problem" autofocus' in line
    assert '<details class="sure" open>' in line


def test_two_hosts_at_once_the_second_reads_that_the_first_was_quicker(house, host, ada):
    house.happen(CheckedIn(ada))
    house.clock.move(timedelta(hours=2))
    old = seen(host.get(PAGE).text)
    does(host, do="times", id="ada", arrived="9:00", left="11:00")
    assert "another host was quicker" in does(host, do="out", id="ada", seen=old)
    ((_, first), *_) = [(each.at, each) for each in house.database.read_now(lambda c: read_put_right(c, ADA))]
    assert first.left is not None
    assert first.left.minute == 0


def test_who_hides_from_hosts_is_counted_and_a_typed_name_tells_nothing(house, host):
    eve = house.member("eve", "Eve", hosts=False)
    house.happen(CheckedIn(eve))
    page = host.get(PAGE).text
    assert "One more person came today who prefers not to be named." in page
    assert "Eve" not in page.partition("</datalist>")[2]
    assert "Noted: they are in." in does(host, do="in", member="Eve")
    assert len(house.database.read_now(lambda c: log.since(c, 0))) == 1, (
        "she was in already, and nobody is told"
    )
    assert record(house)[0] == ("checked-in", "camille", "eve"), "nor does the record tell"


@pytest.mark.parametrize("came", [(), (CheckedIn,), (CheckedIn, CheckedOut)])
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"member": "Eve", "arrived": "9:00"}, "Noted: they are in."),
        ({"member": "Eve", "arrived": "nine"}, "write a time of day"),
        ({"member": "Eve", "arrived": "23:00"}, "has not come yet"),
        ({"id": "eve", "seen": "none"}, "Noted: they are in."),
        ({"id": "eve", "seen": "none", "do": "out"}, "no member has that name"),
        ({"id": "eve", "seen": "none", "do": "times", "arrived": "9:00"}, "no member has that name"),
    ],
)
def test_no_answer_tells_whether_somebody_hidden_is_in(house, host, came, fields, said):
    eve = house.member("eve", "Eve", hosts=False)
    for kind in came:
        house.happen(kind(eve))
        house.clock.move(timedelta(minutes=20))
    before = record(house)
    assert said in does(host, **{"do": "in", **fields})
    assert len(record(house)) - len(before) == (said == "Noted: they are in.")


def test_of_two_hosts_in_the_same_moment_one_writes_and_the_other_reads_it(house, host, ada, monkeypatch):
    house.happen(CheckedIn(ada))
    house.clock.move(timedelta(hours=2))
    page = host.get(PAGE)
    fields = {"form_token": page.form_token, "do": "out", "id": "ada", "seen": seen(page.text)}
    both_asked = threading.Barrier(3)

    def reading(connection):
        known = read_directory(connection)
        both_asked.wait(20)
        return known

    monkeypatch.setattr(by_hand, "read_directory", reading)
    writer = asyncio.run_coroutine_threadsafe(
        house.database.write(lambda _: both_asked.wait(20)), house._loop
    )
    with ThreadPoolExecutor(2) as hosts:
        answers = list(hosts.map(lambda _: host.post(PAGE, fields), range(2)))
    writer.result(20)
    assert sorted(answer.status for answer in answers) == [303, 422]
    assert sum("another host was quicker" in answer.text for answer in answers) == 1
    assert len(house.database.read_now(lambda c: read_put_right(c, ADA))) == 1


def test_it_is_told_in_french(house, host, ada):
    house.happen(CheckedIn(ada))
    host.post("/language", {"form_token": host.form_token(PAGE), "language": "fr", "back": PAGE})
    assert "Corriger à la main" in host.get(PAGE).text
