"""Where a key leads on the host's pages, and what those pages say; values in, values out."""

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.badges import BadgeHash
from community.events import CardOpened, CheckedIn, CheckedOut, Met
from community.ids import KioskId, MemberId
from community.members import Member, Space, Visibility
from kiosk.core import host
from kiosk.core.buttons import key_of, marked
from kiosk.core.directory import Directory
from kiosk.core.host import (
    Closed,
    LanguagesWanted,
    LayBadge,
    LinkWanted,
    Marked,
    Menu,
    Noted,
    Page,
    Restart,
    RestartWanted,
    RollCall,
    RollWanted,
    Search,
    State,
    Sure,
    Volume,
    VolumeWanted,
    found,
    laid,
    press,
)
from kiosk.core.host_pages import Around, listed, view_of
from kiosk.core.host_roll import Inside, Told, everybody_inside
from kiosk.core.host_state import Facts
from kiosk.core.host_way import host_choice, no_pin, with_host
from kiosk.core.keys import HOST_KEY
from kiosk.core.speaker import Speaker
from kiosk.core.views import HostPage, Typing
from tests.fakes.rooms import CATALOGUES, NOON, PARIS

BADGE = BadgeHash("k1:00112233445566778899aabbccddeeff")
OTHER = BadgeHash("k1:ffeeddccbbaa99887766554433221100")
ADA, BOB = MemberId("ada"), MemberId("bob")
PAGES: tuple[Page, ...] = (
    *(Menu(), LayBadge(), Search(BADGE), Sure(BADGE, ADA), Noted(BADGE, ADA), RollCall(), State(), Volume()),
    Restart(),
)


def around(*members: Member, **facts) -> Around:
    everybody = {m.id: m for m in (Member(ADA, "Ada", ("en",), host=True), *members)}
    speaker = Speaker(Directory(everybody, space=Space("Le Nook")), CATALOGUES, PARIS)
    return Around(speaker, ADA, Facts(), **facts)


@pytest.mark.parametrize(
    ("page", "key", "after"),
    [
        (Menu(), "1", LayBadge()),
        (Menu(), "2", RollWanted()),
        (Menu(), "3", State()),
        (Menu(), "4", Volume()),
        (Menu(), "5", LanguagesWanted()),
        (Menu(), "6", Restart()),
        (Menu(), "0", Closed()),
        (Menu(), "escape", Closed()),
        (Menu(), "7", Menu()),
        (LayBadge(), "0", Menu()),
        (LayBadge(), "1", LayBadge()),
        (Search(BADGE), "a", Search(BADGE, "a")),
        (Search(BADGE, "a"), "-", Search(BADGE, "a-")),
        (Search(BADGE, "ab"), "backspace", Search(BADGE, "a")),
        (Search(BADGE, "ab"), "escape", Menu()),
        (Search(BADGE, "ab"), "0", Search(BADGE, "ab")),
        (Search(BADGE, "ab"), "2", Sure(BADGE, BOB)),
        (Search(BADGE, "ab"), "3", Search(BADGE, "ab")),
        (Search(BADGE, "ab"), "enter", Search(BADGE, "ab")),
        (Search(BADGE, "x" * 60), "y", Search(BADGE, "x" * 60)),
        (Sure(BADGE, ADA), "1", LinkWanted(BADGE, ADA)),
        (Sure(BADGE, ADA), "0", Search(BADGE)),
        (Sure(BADGE, ADA), "2", Sure(BADGE, ADA)),
        (Noted(BADGE, ADA), "1", LayBadge()),
        (Noted(BADGE, ADA), "0", Menu()),
        (RollCall(), "9", RollCall(1)),
        (RollCall(2), "9", RollCall()),
        (RollCall(), "left", RollCall(2)),
        (RollCall(1), "2", Marked(BOB)),
        (RollCall(1), "3", RollCall(1)),
        (RollCall(1), "0", Menu()),
        (State(), "0", Menu()),
        (State(), "1", State()),
        (Volume(), "1", VolumeWanted(-10)),
        (Volume(), "2", VolumeWanted(10)),
        (Volume(), "3", VolumeWanted(None)),
        (Volume(), "escape", Menu()),
        (Restart(), "1", RestartWanted()),
        (Restart(), "2", Restart()),
        (Restart(), "0", Menu()),
    ],
)
def test_each_key_leads_where_the_page_says(page, key, after):
    assert press(page, key, (ADA, BOB), pages=3) == after


def test_one_name_alone_is_chosen_by_enter():
    assert press(Search(BADGE, "ad"), "enter", (ADA,)) == Sure(BADGE, ADA)


KEYS = (*"0123456789ahx", "enter", "escape", "backspace", "left", "touch")


@given(st.lists(st.sampled_from(KEYS), max_size=30))
def test_no_keys_ever_break_a_page_and_every_page_can_be_left(keys):
    page: Page = Menu()
    for key in keys:
        after = press(page, key, (ADA, BOB), pages=2)
        page = after if isinstance(after, get_args(Page)) else page
    for _ in range(3):
        left = press(page, "escape")
        if left == Closed():
            return
        page = left
    pytest.fail("there is no way out")


@pytest.mark.parametrize("page", PAGES)
def test_a_new_badge_is_taken_only_where_one_is_waited_for(page):
    waits = isinstance(page, LayBadge | Search | Sure | Noted)
    assert laid(page, OTHER) == (Search(OTHER) if waits else None)


def test_names_are_found_by_the_beginning_of_any_word_from_two_letters_on():
    people = [
        Member(MemberId("m1"), "Marie-Françoise d’Orsay"),
        Member(MemberId("m2"), "Françoise"),
        Member(MemberId("m3"), "Frank", visibility=Visibility(hosts=False)),
    ]
    names = lambda typed: [member.id for member in found(typed, people)]  # noqa: E731 - asked often
    assert names("f") == []
    assert names("fr") == ["m2", "m1"]
    assert names("MARIE f") == ["m1"]
    assert names("orsay") == ["m1"]
    assert names("nn") == []


def test_no_more_are_listed_than_there_are_keys_for():
    people = [Member(MemberId(f"m{n}"), f"Ada {n}") for n in range(9)]
    assert len(found("ada", people)) == host.MATCHES


def test_two_of_one_name_are_told_apart():
    page = Search(BADGE, "ada")
    view = view_of(page, around(Member(MemberId("x"), "Ada", company="Nook & Co")))
    assert isinstance(view, Typing)
    assert {choice.label for choice in view.rows[0]} == {"1  Ada (ada)", "2  Ada (Nook & Co)"}


def test_a_touch_anywhere_chooses_what_the_key_would():
    page = Search(BADGE, "ad")
    assert listed(page, around()) == (ADA,)
    assert listed(Menu(), around()) == ()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_how_to_leave_it(page):
    view = view_of(page, around(Member(BOB, "Bob"), may_restart=True))
    keys = (
        [choice.key for row in view.rows for choice in row]
        if isinstance(view, Typing)
        else [choice.key for choice in view.choices]
    )
    assert {"0", "escape"} & set(keys)
    assert view.shown_for_s == 60


def test_with_one_language_there_is_nothing_to_swap():
    one = around()
    space = Space(languages=("fr", "fr"))
    speaker = replace(one.speaker, directory=Directory(one.speaker.directory.members, space=space))
    menu = view_of(Menu(), replace(one, speaker=speaker))
    assert isinstance(menu, HostPage)
    assert "5" not in [choice.key for choice in menu.choices]


def test_silence_is_said_in_a_word():
    quiet = around()
    speaker = replace(
        quiet.speaker, directory=Directory(quiet.speaker.directory.members, space=Space(volume=0))
    )
    view = view_of(Volume(), replace(quiet, speaker=speaker))
    assert isinstance(view, HostPage)
    assert view.line == "Silent"


def test_buttons_at_the_door_choose_the_first_two_and_the_way_out():
    menu = view_of(Menu(), around())
    assert [key_of(menu, n) for n in (1, 2, 3)] == ["1", "2", "0"]
    assert [choice.sign for choice in marked(menu).choices][:3] == ["[1]", "[2]", ""]
    lay = view_of(LayBadge(), around())
    assert [key_of(lay, n) for n in (1, 2)] == ["0", "touch"]


def test_the_way_in_and_what_is_missing_are_said_in_the_host_s_language():
    assert host_choice(around().words).key == HOST_KEY
    assert with_host((), around().words, Member(BOB, "Bob")) == with_host((), around().words, None) == ()
    assert [one.key for one in with_host((), around().words, Member(ADA, "Ada", host=True))] == [HOST_KEY]
    assert "PIN" in no_pin(around().speaker, ADA).headline


HERE, STREET = KioskId(""), KioskId("street-door")


def later(minutes: int):
    return NOON + timedelta(minutes=minutes)


def test_the_roll_call_says_where_since_when_and_who_was_seen_last():
    arrivals = {ADA: NOON, BOB: later(10), MemberId("gone"): later(5), MemberId("far"): later(1)}
    told = [
        Told(NOON - timedelta(hours=3), HERE, CheckedIn(ADA)),
        Told(NOON, STREET, CheckedIn(ADA)),
        Told(later(5), HERE, CheckedIn(MemberId("gone")), certain=False),
        Told(later(10), HERE, CheckedIn(BOB)),
        Told(later(20), HERE, CardOpened(ADA)),
        Told(later(30), STREET, Met(ADA, BOB)),
        Told(later(31), STREET, CheckedOut(MemberId("left"))),
        Told(later(32), STREET, CardOpened(MemberId("left"))),
    ]
    names = {ADA: "Ada", BOB: "bob"}
    inside = everybody_inside(arrivals, told, names)
    assert inside == (
        Inside(ADA, NOON, STREET, later(30), STREET),
        Inside(BOB, later(10), HERE, later(30), STREET),
        Inside(MemberId("far"), later(1)),
        Inside(MemberId("gone"), later(5), HERE, certain=False),
    )
    view = view_of(RollCall(), around(Member(BOB, "Bob"), inside=inside))
    assert isinstance(view, HostPage)
    assert [row.title for row in view.rows][2:] == ["Name no longer known here"] * 2
    assert view.rows[0].detail == "since 12:00, street-door · seen 12:30"
    assert view.rows[1].detail == "since 12:10, this door · seen 12:30, street-door"
    assert view.rows[2].detail == "since 12:01"
    assert view.rows[3].detail.endswith("time not certain")
    assert view.rows[3].wrong


def test_a_long_roll_call_has_pages():
    inside = tuple(Inside(MemberId(f"m{n}"), NOON) for n in range(17))
    many = around(inside=inside)
    assert many.pages == 3
    last = view_of(RollCall(2), many)
    assert isinstance(last, HostPage)
    assert len(last.rows) == 1
    assert "3" in last.choices[0].label
    assert around().pages == 1


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        (Facts("k", "1", ("192.0.2.1",), hub_reachable=True, reader="ready", door="ready"), 0),
        (Facts("k", "1", ("192.0.2.1",), hub_reachable=True), 0),
        (Facts("k", "1"), 2),
        (Facts("k", "1", hub_last=NOON, reader="lost", door="lost", disk_percent=90, clock_synced=False), 6),
    ],
)
def test_what_is_wrong_is_marked_and_says_what_to_do(facts, wrong):
    view = view_of(State(), replace(around(), facts=facts))
    assert isinstance(view, HostPage)
    assert sum(row.wrong for row in view.rows) == wrong
    assert len(view.rows) <= host.LISTED
    assert all(row.detail for row in view.rows)


def test_whoever_is_on_the_page_of_the_roll_call_is_chosen_by_its_digits():
    inside = tuple(Inside(MemberId(f"m{n}"), NOON) for n in range(9))
    assert listed(RollCall(1), around(inside=inside)) == ("m8",)


def test_what_was_noted_works_in_a_moment_or_once_the_hub_is_back():
    page = Noted(BADGE, ADA)
    there = view_of(page, replace(around(), facts=Facts(hub_reachable=True)))
    away = view_of(page, around())
    assert isinstance(there, HostPage)
    assert isinstance(away, HostPage)
    assert "In a moment" in there.line
    assert "once the hub has been reached" in away.line


def test_a_name_that_is_nobody_s_is_said_to_be():
    view = view_of(Search(BADGE, "xyz"), around())
    assert isinstance(view, Typing)
    assert "Nobody is called so" in view.line


def test_the_roll_call_counts_who_was_seen_and_says_what_it_cannot_know():
    inside = (Inside(ADA, NOON), Inside(BOB, NOON))
    facts = Facts(hub_reachable=True)
    view = view_of(RollCall(), replace(around(inside=inside, seen=frozenset({BOB})), facts=facts))
    assert isinstance(view, HostPage)
    assert view.line == "2 people in · 1 seen outside"
    assert [row.done for row in view.rows] == [False, True]
    away = view_of(RollCall(), around(inside=inside))
    assert isinstance(away, HostPage)
    assert away.line.endswith("other doors as last heard")


def test_a_volume_of_its_own_is_said_to_be():
    view = view_of(Volume(), around(own_volume=True))
    assert isinstance(view, HostPage)
    assert view.line == "60 % · set on this kiosk"


@pytest.mark.parametrize(("waiting", "said"), [(0, "Nothing"), (1, "1 note,"), (5, "5 notes,")])
def test_what_waits_is_counted(waiting, said):
    view = view_of(State(), replace(around(), facts=Facts(waiting=waiting)))
    assert isinstance(view, HostPage)
    assert view.rows[2].detail.startswith(said)
