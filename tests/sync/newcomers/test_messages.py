"""Which message is due to whom on which day; nothing comes twice."""

from datetime import date, timedelta

import pytest

from community.ids import MemberId
from sync.newcomers.messages import PUT_OFF_FOR, Arrival, Settled, Written, due_messages
from sync.newcomers.wording import Message, Text
from tests.sync.newcomers.test_wording import OURS

DAY = date(2026, 11, 23)
ADA = MemberId("ada")


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def ada(
    first: int, last: int | None = None, visits: int = 1, language: str = "en", name: str = "Ada L"
) -> Arrival:
    return Arrival(ADA, name, language, ago(first), ago(first if last is None else last), visits)


def due(one: Arrival, done=None, texts=None):
    return due_messages([one], {**OURS, **(texts or {})}, "en", done or {}, "Le Nook", DAY)


@pytest.mark.parametrize(
    ("one", "message"),
    [
        (ada(0), Message.FIRST_DAY),
        (ada(6, 2, 2), Message.FIRST_DAY),
        (ada(6, 0, 3), None),
        (ada(7), None),
        (ada(13), None),
        (ada(14), Message.NO_RETURN),
        (ada(20, 14, 2), Message.NO_RETURN),
        (ada(42), Message.NO_RETURN),
        (ada(43), None),
        (ada(20, 14, 3), None),
        (ada(29, 1, 8), None),
        (ada(30, 1, 8), Message.ONE_MONTH),
        (ada(51, 13, 8), Message.ONE_MONTH),
        (ada(52, 1, 8), None),
        (ada(35, 20, 8), None),
        (ada(31, 1, 2), Message.ONE_MONTH),
    ],
)
def test_each_message_has_its_days(one, message):
    assert [each.message for each in due(one)] == ([] if message is None else [message])


def test_it_is_in_the_members_language_with_their_first_name_or_in_english():
    (english,) = due(ada(0))
    assert (english.subject, english.language) == ("Glad you came, Ada", "en")
    (french,) = due(ada(0, language="fr"))
    assert french.subject == "Bienvenue parmi nous, Ada"
    assert "Le Nook" in french.text
    (german,) = due(ada(0, language="de"))
    assert german.language == "en"


def test_what_a_host_wrote_stands_in_the_place_of_ours():
    own = {(Message.FIRST_DAY, "en"): Text("Hi {name}", "Welcome to {space}.")}
    (said,) = due(ada(0), texts=own)
    assert (said.subject, said.text) == ("Hi Ada", "Welcome to Le Nook.")
    assert due(ada(0, language="fr"), texts=own)[0].subject != "Hi Ada"
    assert OURS[Message.FIRST_DAY, "en"].subject != "Hi {name}"


def test_nothing_is_written_twice_and_not_now_is_for_a_week():
    key = (ADA, Message.NO_RETURN)
    assert due(ada(20), {key: Written(Settled.WRITTEN, ago(300))}) == ()
    put_off = {key: Written(Settled.NOT_NOW, DAY)}
    assert due(ada(20), put_off) == ()
    later = DAY + PUT_OFF_FOR
    assert len(due_messages([ada(20)], OURS, "en", put_off, "Le Nook", later)) == 1
    assert len(due(ada(20), {(ADA, Message.FIRST_DAY): Written(Settled.WRITTEN, ago(20))})) == 1


def test_the_earliest_newcomer_comes_first():
    bob = Arrival(MemberId("bob"), "Bob", "en", ago(3), ago(3), 1)
    eve = Arrival(MemberId("eve"), "Eve", "en", ago(3), ago(3), 1)
    said = due_messages([eve, ada(1), bob], OURS, "en", {}, "Le Nook", DAY)
    assert [each.name for each in said] == ["Bob", "Eve", "Ada L"]
