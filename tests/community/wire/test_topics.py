"""Topics: built and parsed in one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.ids import KioskId, SpaceId
from community.wire.topics import NAME, KioskTopic, Word, all_kiosks, hub_topic, kiosk_topic, parse

NAMES = st.from_regex(NAME, fullmatch=True)


def test_topics_never_move():
    assert kiosk_topic(SpaceId("nord"), KioskId("door"), Word.EVENTS) == "foyer/1/nord/kiosks/door/events"
    assert all_kiosks(SpaceId("nord"), Word.STATUS) == "foyer/1/nord/kiosks/+/status"
    assert hub_topic(SpaceId("nord")) == "foyer/1/nord/hub"


@given(NAMES, NAMES, st.sampled_from(Word))
def test_whatever_is_built_is_parsed(space: str, kiosk: str, word: Word):
    topic = kiosk_topic(SpaceId(space), KioskId(kiosk), word)
    assert parse(topic) == KioskTopic(SpaceId(space), KioskId(kiosk), word)
    prefix, _, suffix = all_kiosks(SpaceId(space), word).partition("+")
    assert (topic.startswith(prefix), topic.endswith(suffix)) == (True, True)


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "foyer",
        "foyer/1/nord/hub",
        "foyer/2/nord/kiosks/door/events",
        "other/1/nord/kiosks/door/events",
        "foyer/1/nord/doors/door/events",
        "foyer/1/nord/kiosks/door/gossip",
        "foyer/1/nord/kiosks/door/EVENTS",
        "foyer/1/nord/kiosks/door",
        "foyer/1/nord/kiosks/door/events/",
        "/foyer/1/nord/kiosks/door/events",
        "foyer/1//kiosks/door/events",
        "foyer/1/nord/kiosks//events",
        "foyer/1/nord/kiosks/+/events",
        "foyer/1/Nord/kiosks/door/events",
        "foyer/1/nord/kiosks/-door/events",
        "foyer/1/nord/kiosks/door\n/events",
        "foyer/1/nord/kiosks/" + "d" * 33 + "/events",
    ],
)
def test_what_is_not_a_topic_of_a_kiosk_is_none(topic: str):
    assert parse(topic) is None


@given(st.text())
def test_any_text_can_be_parsed(topic: str):
    assert parse(topic) is None or topic.startswith("foyer/")
