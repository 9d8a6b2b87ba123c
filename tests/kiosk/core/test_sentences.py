"""Every sentence exists in every language, reads as typography wants, and says nothing it may not."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import get_args

import msgspec
import pytest

from community.badges import BadgeStatus
from community.clock import Hours
from community.desk import Desk
from community.desk_rules import Rules
from community.events import Answer
from community.ids import MemberId, TableId
from community.inquiry import Inquiry, WhatCame
from community.introductions.introduction import Introduction
from community.introductions.reasons import (
    BothLike,
    CatchUp,
    HostSays,
    KnowsThePlace,
    NewHere,
    OpenToChat,
    Reason,
    SharedLanguage,
    TheyAsk,
    TheyKnow,
    TheyNeed,
    TheyOffer,
)
from community.introductions.slots import Slot
from community.introductions.tables import Occasion, Table
from community.members import Mood, Space
from community.outcomes import (
    Arrived,
    CannotLink,
    LeaveUndone,
    Left,
    MetEachOther,
    MetUndone,
    MoodSet,
    NotProven,
    Outcome,
    OwnCard,
    Refused,
    Said,
    SaidUseful,
    SeatGivenUp,
    SeatTaken,
    Unknown,
    Unsaid,
)
from community.proofs import ProofFault
from kiosk.bootstrap import LOCALE
from kiosk.core import lines
from kiosk.core.directory import Directory
from kiosk.core.farewell import farewell_of
from kiosk.core.guests import Guest
from kiosk.core.languages import language_name
from kiosk.core.lobby import lobby_of
from kiosk.core.occasions import occasion_of
from kiosk.core.pieces import TINTS, Card, Choice, Invitation
from kiosk.core.present import Presenter
from kiosk.core.questions import question_of, questions_for
from kiosk.core.reasons import brief_reason_of, for_them_of, reason_of
from kiosk.core.room import Room
from kiosk.core.sentences import (
    Words,
    date_of,
    mood_label,
    outcome_word,
    slot_label,
    spans,
    time_of,
    tint_of,
)
from kiosk.core.tables import Gathering, invitation_of, notice_of, together
from kiosk.core.troubles import Fault, hub_trouble, trouble_screen
from kiosk.core.waiting import Waiting
from plumbing.words import languages
from tests.fakes.community import AMINA, LEA, badge_of
from tests.kiosk.core.comings import COMINGS

REASONS = (
    TheyOffer("a logo", "design"),
    TheyNeed("a logo", "design"),
    TheyKnow("a logo", "design"),
    TheyAsk("a logo", "design"),
    BothLike("jazz", "bebop"),
    BothLike("Jazz", "jazz"),
    NewHere(date(2026, 11, 1)),
    NewHere(date(2026, 11, 16)),
    KnowsThePlace(date(2025, 9, 1)),
    OpenToChat(),
    SharedLanguage("pl"),
    SharedLanguage("xx"),
    CatchUp(date(2026, 9, 1)),
    HostSays(),
)
SPOKEN_HERE = languages("kiosk", LOCALE)
SPOKEN = (
    "ar bn br ca cs da de el en es eu fa fi fr he hi hu it ja ko nl no oc pl pt ro ru sv ta tr uk vi wo zh"
)
TABLES = (
    Table(TableId("t1"), Occasion.COFFEE, datetime(2026, 11, 20, 9, 30, tzinfo=UTC), "by the window"),
    Table(TableId("t2"), Occasion.LUNCH, datetime(2026, 11, 20, 11, 30, tzinfo=UTC)),
)
AT = datetime(2026, 11, 20, 8, 42, tzinfo=UTC)
OUTCOMES: tuple[Outcome, ...] = (
    Arrived(LEA.id, AT),
    OwnCard(LEA.id, AT),
    Left(LEA.id, AT, AT),
    LeaveUndone(LEA.id, AT),
    MetEachOther(LEA.id, AMINA.id),
    MetUndone(LEA.id, AMINA.id),
    MoodSet(LEA.id, Mood.OPEN),
    Unknown(badge_of(LEA)),
    Refused(badge_of(LEA), BadgeStatus.LOST),
    *(NotProven(badge_of(LEA), fault) for fault in ProofFault),
    CannotLink(),
    SeatTaken(LEA.id, TABLES[0].id),
    SeatGivenUp(LEA.id, TABLES[0].id),
    Said(LEA.id, AMINA.id, Answer.MET),
    SaidUseful(LEA.id, AMINA.id, useful=True),
    Unsaid(Said(LEA.id, AMINA.id, Answer.MET)),
)


def strings(value: object) -> Iterator[str]:  # noqa: C901 - one case a kind of value
    """Every string in a view, the language's own code and the keys left out."""
    match value:
        case str():
            yield value
        case Choice():
            yield value.label
        case Invitation():
            # Place and names are people's own words.
            yield from (value.line, value.label, value.how)
        case Card():
            for told in (value.reason, value.brief, value.for_them):
                yield "".join(span.text for span in told)
            yield value.slot_label
        case tuple() | list():
            for item in value:
                yield from strings(item)
        case _ if dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                if field.name not in {"language", "code", "name", "initial", "space_name", "key"}:
                    yield from strings(getattr(value, field.name))
        case _:
            pass


def invitations(presenter: Presenter, words: Words) -> Iterator[Invitation]:
    """Every way to offer a seat, and to say that one is expected."""
    for table in TABLES:
        for coming in ((), (LEA.id,)):
            for named in ((), ("Amina",), ("Amina", "Yuki")):
                yield invitation_of(presenter, words, Gathering(table, coming), LEA.id, named)


def everything_said(words: Words, hours: Hours) -> list[str]:  # noqa: C901, PLR0912 - one loop a kind of sentence
    """Every sentence of the kiosk in one language, filled in."""
    said = [question for reason in REASONS for question in questions_for(words, reason)]
    said += [
        "".join(span.text for span in told(words, reason, "Amina"))
        for reason in REASONS
        for told in (reason_of, brief_reason_of, for_them_of)
    ]
    said.append(
        "".join(span.text for span in reason_of(words, TheyKnow("a logo", "design"), "Amina", "design"))
    )
    said += [language_name(words, code) for code in SPOKEN.split()]
    said += [slot_label(words, slot) for slot in Slot] + [mood_label(words, mood) for mood in Mood]
    said += [date_of(words, date(2026, 1, 1) + timedelta(days=n)) for n in range(0, 365, 9)]
    said += [time_of(words, AT)]
    for count in (0, 1, 2, 3, 7):
        said += [lines.present_line(words, count), lines.met_line(words, count)]
        said += [lines.others_line(words, count, alone=False), lines.subtitle_line(words, count)]
        said += list(strings(hub_trouble(count, words, words)))
    for fault in Fault:
        said += strings(trouble_screen(fault, words, words))
    directory = Directory({m.id: m for m in (LEA, AMINA)}, {}, Space("Nook", languages=("xx", "xx")))
    presenter = Presenter(directory, {"en": words, "fr": words, "xx": words}, hours, Rules())
    introductions = (Introduction(AMINA.id, Slot.PARTNER, REASONS[0], 1.0),)
    waits = (
        *(Waiting(1), Waiting(2), Waiting(2, Mood.HEADS_DOWN)),
        *(Waiting(2, later=time_of(words, AT)), Waiting(2, wanted="a logo")),
    )
    for some in ((), introductions):
        for waiting in waits:
            said += strings(presenter.greeting(LEA.id, AT, some, waiting=waiting))
        for undone, answered in ((False, False), (True, False), (False, True)):
            for table in (None, *invitations(presenter, words)):
                card = presenter.own_card(
                    *(LEA.id, AT, AT, some),
                    waiting=waits[0],
                    leave_within_s=8.0,
                    undone=undone,
                    table=table,
                    answered=answered,
                )
                said += strings(card)
        said += strings(presenter.summary(LEA.id, some))
    said += strings(presenter.greeting(MemberId("gone"), AT, (), waiting=waits[0]))
    for coming in COMINGS:
        for host, people in (("", 0), ("Camille", 0), ("", 1), ("", 2), ("", 3)):
            said += strings(occasion_of(words, coming, host=host, people=people))
    said += [lines.today_line(words, met) for met in range(6)]
    inquiry: Inquiry | None = Inquiry(LEA.id, (WhatCame(AMINA.id),))
    while inquiry is not None:
        said += strings(farewell_of(presenter, LEA.id, AT, inquiry, 20.0))
        inquiry = inquiry.say(0)
    said += strings(farewell_of(presenter, LEA.id, AT, None, 8.0))
    for table in TABLES:
        for coming, named in (((), ()), (("a",), ()), (("a", "b"), ("A", "B")), (("a", "b"), ("A",))):
            gathering = Gathering(table, tuple(map(MemberId, coming)))
            said += strings(notice_of(presenter, gathering, named))
    for undone in (False, True):
        said += strings(presenter.met(LEA.id, AMINA.id, undone=undone))
    said += strings(presenter.unknown(badge_of(LEA)))
    said += strings(presenter.random())
    said += strings(presenter.refused())
    for proof_fault in ProofFault:
        said += strings(presenter.not_proven(proof_fault))
    said += strings(presenter.hold_still())
    said += strings(lobby_of(presenter, [Guest(LEA, AT)], AT, synced=False, met_this_week=9, trouble=None))
    return [sentence for sentence in said if sentence]


def test_every_reason_and_outcome_there_is_stands_in_these_tests():
    assert {type(reason) for reason in REASONS} == set(get_args(Reason))
    assert {type(outcome) for outcome in OUTCOMES} == set(get_args(Outcome))


@pytest.mark.parametrize("language", SPOKEN_HERE)
@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: type(reason).__name__)
def test_a_reason_is_a_sentence_with_the_words_that_matter_marked(
    catalogues: Mapping[str, Words], language: str, reason: Reason
):
    found = reason_of(catalogues[language], reason, "Amina")
    text = "".join(span.text for span in found)
    assert re.search(r"[.!]$", text), text
    assert "{" not in text
    assert "*" not in text
    assert any(span.strong for span in found)


@pytest.mark.parametrize("language", SPOKEN_HERE[1:])
def test_no_sentence_is_left_in_english(catalogues: Mapping[str, Words], hours: Hours, language: str):
    # A date, a name and a member's own words may be the same in both; nothing else is.
    same = {"8:42"} | {"{name}"}
    english = everything_said(catalogues["en"], hours)
    theirs = everything_said(catalogues[language], hours)
    assert len(english) == len(theirs)
    own_words = {
        "illustratrice",
        "traductrice",
        "Atelier, table 4",
        "une traduction de contrats",
        "illustration jeunesse",
        "Léa",
        "Amina",
    }
    left = [
        sentence
        for sentence, other in zip(english, theirs, strict=True)
        if sentence == other
        and sentence not in same | own_words
        and re.search("[A-Za-z]", sentence)
        and not re.fullmatch(r"\d\d:\d\d", sentence)
    ]
    assert left == []


def test_french_keeps_its_marks_with_a_narrow_space(catalogues: Mapping[str, Words], hours: Hours):
    wrong = []
    for sentence in everything_said(catalogues["fr"], hours):
        if re.search(r"(?<!\u202f)[;!?»]", sentence) or re.search(r"«(?!\u202f)", sentence):
            wrong.append(sentence)
        if re.search(r"(?<![\u202f\u00a0\d]):", sentence):
            wrong.append(sentence)
        if "'" in sentence or '"' in sentence or "“" in sentence:
            wrong.append(sentence)
    assert wrong == []


def test_english_uses_its_own_quotation_marks(catalogues: Mapping[str, Words], hours: Hours):
    assert [
        s for s in everything_said(catalogues["en"], hours) if '"' in s or "«" in s or "\u202f" in s
    ] == []


@pytest.mark.parametrize("language", SPOKEN_HERE)
def test_no_sentence_counts_whom_somebody_knows_or_guesses_who_they_are(
    catalogues: Mapping[str, Words], hours: Hours, language: str
):
    said = " ".join(everything_said(catalogues[language], hours)).casefold()
    for word in ("isolé", "seul", "lonely", "alone", "isolated", "·e", "(e)", "bienvenu "):
        assert word not in said


@pytest.mark.parametrize("language", SPOKEN_HERE)
@pytest.mark.parametrize("outcome", OUTCOMES, ids=outcome_word)
def test_every_outcome_has_a_view_in_both_languages(
    catalogues: Mapping[str, Words], hours: Hours, directory: Directory, language: str, outcome: Outcome
):
    space = Space("Le Nook", languages=(language, "fr" if language == "en" else "en"))
    who = {m.id: msgspec.structs.replace(m, languages=(language,)) for m in directory.members.values()}
    room = Room(Directory(who, directory.badges, space), hours, catalogues)
    scenery = room.scenery(outcome, Desk(hours, present={LEA.id: AT}), AT, 10.0)
    said = list(strings(scenery.view))
    assert said
    assert not any("{" in sentence for sentence in said)


def test_a_question_is_the_same_all_day_and_another_one_the_next(catalogues: Mapping[str, Words]):
    words, day = catalogues["en"], AT.date()
    for reason in REASONS:
        asked = [
            question_of(words, reason, LEA.id, AMINA.id, day + timedelta(days=n))
            for n in range(len(questions_for(words, reason)))
        ]
        assert question_of(words, reason, LEA.id, AMINA.id, day) == asked[0]
        assert sorted(asked) == sorted(questions_for(words, reason))
        assert len(asked) >= 3


@pytest.mark.parametrize("language", SPOKEN_HERE)
@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: type(reason).__name__)
def test_a_brief_reason_is_no_longer_and_marks_what_matters_too(
    catalogues: Mapping[str, Words], language: str, reason: Reason
):
    whole, brief = (told(catalogues[language], reason, "Amina") for told in (reason_of, brief_reason_of))
    assert sum(len(span.text) for span in brief) <= sum(len(span.text) for span in whole)
    assert any(span.strong for span in brief)


def test_what_it_is_good_for_on_their_side_is_said_only_where_it_adds_something(
    catalogues: Mapping[str, Words],
):
    said = {type(reason) for reason in REASONS if for_them_of(catalogues["en"], reason, "Amina")}
    assert said == {TheyOffer, TheyNeed, TheyKnow, TheyAsk, BothLike}
    assert for_them_of(catalogues["en"], None, "Amina") == ()


def test_what_is_filled_in_may_hold_anything():
    found = spans("{name} offers *{offer}*.", name="A*B", offer="{x} 5 * 3")
    assert [(span.text, span.strong) for span in found] == [
        ("A*B offers ", False),
        ("{x} 5 * 3", True),
        (".", False),
    ]


def test_times_and_dates_are_said_as_each_language_says_them(catalogues: Mapping[str, Words]):
    morning = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
    assert time_of(catalogues["en"], morning) == "9:05"
    assert time_of(catalogues["fr"], morning).replace("\u202f", " ").replace("\xa0", " ") == "9 h 05"
    assert date_of(catalogues["fr"], date(2026, 12, 1)) == "mardi 1er décembre"
    assert date_of(catalogues["en"], date(2026, 12, 1)) == "Tuesday 1 December"
    assert date_of(catalogues["es"], date(2026, 11, 21)) == "sábado 21 de noviembre"
    assert time_of(catalogues["es"], morning) == "9:05"


@pytest.mark.parametrize(
    ("names", "in_spanish"),
    [
        ((), ""),
        (("Amina",), "Amina"),
        (("Amina", "Tomasz", "Yuki"), "Amina, Tomasz y Yuki"),
        (("Amina", "Inés"), "Amina e Inés"),
        (("Amina", "Íñigo"), "Amina e Íñigo"),
        (("Amina", "Hilario"), "Amina e Hilario"),
        (("Amina", "Hierónimo"), "Amina y Hierónimo"),
    ],
)
def test_names_are_said_together_as_each_language_says_them(
    catalogues: Mapping[str, Words], names: tuple[str, ...], in_spanish: str
):
    assert together(catalogues["es"], names) == in_spanish
    for language, word in (("en", "and"), ("fr", "et"), ("fr@formal", "et")):
        said = re.sub(r" [ye] (?=\w+$)", f" {word} ", in_spanish)
        assert together(catalogues[language], names) == said


def test_a_tint_is_a_person_s_own_and_one_of_those_there_are():
    assert {tint_of(MemberId(f"m{n}")) for n in range(200)} == set(range(TINTS))
    assert tint_of(LEA.id) == tint_of(LEA.id)
