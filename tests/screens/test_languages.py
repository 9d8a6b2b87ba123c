"""Every language there is, plain and formal, as the kiosk really says it: nothing is cut at any size."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest
import samples
from test_views_are_drawn import is_told, must_be_read

from community.desk_rules import Rules
from community.ids import TableId
from community.inquiry import Inquiry, WasUseful, WhatCame
from community.introductions.introduction import Introduction
from community.introductions.reasons import BothLike, TheyKnow, TheyOffer
from community.introductions.slots import Slot
from community.introductions.tables import Occasion, Table
from community.members import Member, Space
from community.proofs import ProofFault
from kiosk.bootstrap import LOCALE
from kiosk.core.asking import no_pin_yet, too_many, typing_of
from kiosk.core.buttons import marked
from kiosk.core.entry import Entry, Said
from kiosk.core.farewell import farewell_of
from kiosk.core.guests import Guest
from kiosk.core.host import LayBadge, Menu, Noted, Restart, RollCall, Search, State, Sure, Volume
from kiosk.core.host_pages import view_of
from kiosk.core.host_way import no_pin
from kiosk.core.lobby import lobby_of
from kiosk.core.occasions import occasion_of
from kiosk.core.present import Presenter
from kiosk.core.tables import Gathering, invitation_of, notice_of
from kiosk.core.troubles import Fault, hub_trouble, trouble_screen
from kiosk.core.views import Greeting, OwnCard, View
from kiosk.core.visitors import Asking, asking_of, noted, visitor_line
from kiosk.core.visitors import too_many as too_many_guests
from kiosk.core.waiting import Waiting
from kiosk.hours import hours_of
from plumbing import words
from tests.catalogues import DOMAINS
from tests.fakes.community import AMINA, LEA, YUKI, badge_of, directory_of
from tests.fakes.languages import MADE_UP, make_up
from tests.kiosk.core.comings import COMINGS
from tests.screens import host_samples

AT = datetime(2026, 11, 20, 8, 42, tzinfo=UTC)
CATALOGUES = words.load("kiosk", LOCALE)
INTRODUCTIONS = (
    Introduction(AMINA.id, Slot.PARTNER, TheyOffer("une traduction", "traduction de contrats"), 1.0),
    Introduction(YUKI.id, Slot.ADVICE, TheyKnow("une traduction", "jazz"), 0.9),
    Introduction(AMINA.id, Slot.NEIGHBOUR, BothLike("céramique", "céramique"), 0.8),
)
WAITS = (Waiting(1), Waiting(2), Waiting(3, later="11:30"), Waiting(3, wanted="un logo"))
HOST_PAGES = (
    *(Menu(), LayBadge(), Search(host_samples.BADGE, "a"), Search(host_samples.BADGE, "xyz"), Volume()),
    *(Sure(host_samples.BADGE, LEA.id), Noted(host_samples.BADGE, LEA.id), RollCall(), State(), Restart()),
)
TABLE = Gathering(Table(TableId("t"), Occasion.COFFEE, AT, "Atelier"), ())


def presenter_of(language: str, *, formal: bool) -> Presenter:
    """What speaks to a house in which everybody speaks one language."""
    space = Space("Le Nook", languages=(language, "en" if language != "en" else "fr"), formal=formal)
    people = [msgspec.structs.replace(member, languages=(language,)) for member in (LEA, AMINA, YUKI)]
    return Presenter(directory_of(*people, space=space), CATALOGUES, hours_of(space), Rules())


def views_of(speaker: Presenter) -> Iterator[View]:
    """Every kind of view, as the kiosk says it."""
    mine, first = speaker.words(speaker.space.languages[0]), speaker.both()
    person: Member = speaker.directory.members[LEA.id]
    for waiting in WAITS:
        yield speaker.greeting(LEA.id, AT, (), waiting=waiting)
    small = (speaker.summary(AMINA.id, INTRODUCTIONS[1:2]),)
    invited = invitation_of(speaker, mine, TABLE, LEA.id, ("Amina", "Yuki"))
    for count in (1, 2, 3):
        some = INTRODUCTIONS[:count]
        yield speaker.greeting(LEA.id, AT, some, waiting=WAITS[1], earlier=small if count == 1 else ())
        yield speaker.own_card(LEA.id, AT, AT, some, waiting=WAITS[1], leave_within_s=8.0)
    yield speaker.greeting(LEA.id, AT, INTRODUCTIONS[:2], waiting=WAITS[1], table=invited)
    yield speaker.own_card(LEA.id, AT, AT, (), waiting=WAITS[2], leave_within_s=8.0, table=invited)
    yield speaker.own_card(LEA.id, AT, AT, INTRODUCTIONS, waiting=WAITS[1], undone=True)
    for coming in COMINGS:
        occasion = occasion_of(mine, coming, host="Camille", people=3)
        yield speaker.greeting(LEA.id, AT, INTRODUCTIONS, waiting=WAITS[1], occasion=occasion)
    visited = visitor_line(speaker, speaker.language(LEA.id), AT)
    yield replace(speaker.greeting(LEA.id, AT, INTRODUCTIONS[:2], waiting=WAITS[1]), visitor_line=visited)
    yield from (asking_of(speaker, Asking(typed="a")), asking_of(speaker, Asking(whom="ana", typed="b")))
    yield from (noted(speaker), too_many_guests(speaker))
    for inquiry in (None, Inquiry(LEA.id, (WhatCame(AMINA.id),)), Inquiry(LEA.id, (WasUseful(AMINA.id),))):
        yield farewell_of(speaker, LEA.id, AT, inquiry, 20.0)
    yield marked(farewell_of(speaker, LEA.id, AT, Inquiry(LEA.id, (WhatCame(AMINA.id),)), 20.0))
    for undone in (False, True):
        yield speaker.met(LEA.id, AMINA.id, undone=undone)
    yield from (speaker.unknown(badge_of(LEA)), speaker.random(), speaker.refused(), speaker.hold_still())
    yield from (speaker.not_proven(fault) for fault in ProofFault)
    yield from (too_many(speaker), no_pin_yet(speaker))
    for said in Said:
        yield typing_of(speaker, Entry(name="Léa", typed="73", said=said))
        yield typing_of(speaker, Entry(typed="léa", said=said))
    yield from (trouble_screen(fault, *first) for fault in Fault)
    for facts in (host_samples.FINE, host_samples.ILL):
        around = replace(host_samples.around(speaker.space.languages[0], facts), speaker=speaker)
        yield from (view_of(page, around) for page in HOST_PAGES)
    yield no_pin(speaker, LEA.id)
    here = [Guest(person, AT)]
    lobby = lobby_of(speaker, here, AT, synced=True, met_this_week=9, trouble=None, by_name=True)
    yield lobby
    yield replace(lobby, trouble=hub_trouble(3, *first))
    yield replace(lobby, tables=(notice_of(speaker, TABLE, ("Amina",)),))


@pytest.mark.parametrize("size", samples.SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("formal", [False, True], ids=["plain", "formal"])
@pytest.mark.parametrize("language", words.languages("kiosk", LOCALE))
async def test_nothing_that_matters_is_cut_in_any_language(stage, language, formal, size):
    speaker = presenter_of(language, formal=formal)
    cut = []
    async with stage(size) as on:
        for view in views_of(speaker):
            await on.show(view)
            read = on.words()
            without = replace(view, empty_line="") if isinstance(view, Greeting) and view.cards else view
            if isinstance(without, Greeting) and without.visitor_line:
                without = replace(without, subtitle=without.visitor_line)  # it stands in its place
            cut += [
                (type(view).__name__, needed)
                for needed in must_be_read(without, size[0])
                if " ".join(needed.split()) not in read
            ]
            if isinstance(view, Greeting | OwnCard) and size[0] >= 80:
                cut += [(type(view).__name__, c.name) for c in view.cards if not is_told(c, read)]
    assert cut == []


async def test_a_language_that_came_later_is_drawn(stage, tmp_path):
    catalogues = words.load("kiosk", make_up(DOMAINS[0], tmp_path))
    space = Space("Le Nook", languages=(MADE_UP, "en"))
    speaker = Presenter(directory_of(LEA, space=space), catalogues, hours_of(space), Rules())
    async with stage((120, 33)) as on:
        await on.show(lobby_of(speaker, [], AT, synced=True, met_this_week=0, trouble=None))
        assert "‹Welcome›" in on.words()
        await on.show(speaker.refused())
        assert "‹Please see the host›" in on.words()
