"""What hosts see of the space's calendar, on the page "Now"."""

from datetime import timedelta

import pytest

from community.agenda import Agenda, Moment
from sync.agenda.asked import Reading, Trouble
from sync.agenda.kept import Kept, keep
from tests.sync.dashboard.house import MORNING

LUNCH = Moment("Lunch <b>", MORNING + timedelta(hours=3), place="Kitchen")


def knows(house, **more: object) -> None:
    now_us = int(MORNING.timestamp() * 1_000_000)
    good = Reading((Agenda(MORNING.date(), (Moment("Festival"), LUNCH)),), broken=2)
    kept = Kept("mark", "calendar.example.org", now_us, **{"good": good, "read_us": now_us, **more})
    house.database.write_now(lambda c: keep(c, kept))


def part(host) -> str:
    return host.get("/").text.partition('id="agenda"')[2].partition("</section>")[0]


def test_the_day_stands_there_with_where_it_comes_from(house, host):
    knows(house)
    said = part(host)
    assert "Lunch &lt;b&gt;" in said
    assert "Kitchen" in said
    assert "all day" in said
    assert ">12:42</time>" in said
    assert "From the calendar at calendar.example.org, read 9:42." in said
    assert "2 entries could not be read." in said


def test_without_a_calendar_hosts_are_told_how_to_name_one(host):
    assert "No calendar is named yet." in part(host)


def test_a_day_without_moments_says_so(house, host):
    knows(house, good=Reading())
    assert "Nothing stands in the calendar for today." in part(host)


@pytest.mark.parametrize("trouble", Trouble)
def test_each_trouble_is_one_sentence_and_what_was_read_stays(house, host, trouble: Trouble):
    knows(house, trouble=trouble, detail="404")
    said = " ".join(part(host).split())
    assert "The calendar at calendar.example.org could not be read:" in said
    assert "What was read before goes on to hold." in said
    assert "Lunch" in said
    assert ("404" in said) is (trouble is Trouble.STATUS)


def test_each_trouble_has_its_own_words(house, host):
    def sentence(trouble: Trouble) -> str:
        knows(house, trouble=trouble, read_us=0)
        return part(host).partition("</b>")[2].partition("</p>")[0]

    assert len({sentence(trouble) for trouble in Trouble}) == len(Trouble)


def test_a_calendar_that_was_never_read_says_no_day(house, host):
    knows(house, trouble=Trouble.SLOW, good=Reading(), read_us=0)
    said = part(host)
    assert "Nothing stands" not in said
    assert "goes on to hold" not in said
