"""What a member sends of themselves: read field by field, as a members file is, and laid over what is known.

Pure.  What is wrong with a field is told by the field's own rule, beside it; nothing typed is lost.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import TypeVar

import msgspec

from community.members import Comfort, Intent, Member, Visibility
from sync import profiles

Value = TypeVar("Value")

LINES = ("name", "trade", "company", "place")
AUDIENCES = ("lobby", "members", "hosts")
"""Of `Visibility`, from the street inwards."""
WORLD = "visible_world"
"""The tick of who agrees to be named to anybody on the net; it is no part of the member."""
LISTS = ("offers", "interests", "ask_about", "avoid_topics")
SPARE_NEEDS = 2
"""Empty lines for needs below those there are."""

STAYS = (15, 25, 45, 90, 180)
"""Seconds to choose from for how long a greeting stays; what a host has set otherwise stands among them."""


class NeedFault(Enum):
    """What is wrong with one need."""

    RULE = "rule"
    """It is too long, or its last day is none."""
    PAST = "past"
    """Its last day has passed."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields as they stand on the page: text, ticks, and the needs line by line."""

    texts: Mapping[str, str]
    ticked: frozenset[str]
    needs: tuple[tuple[str, str], ...]
    """Each need and its last day as `YYYY-MM-DD`; empty for none."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What came of it."""

    member: Member
    """As it would be; a field that is wrong stands as it was."""
    wrong: frozenset[str] = field(default_factory=frozenset)
    """Names of the fields whose rule was not kept."""
    needs: Mapping[int, NeedFault] = field(default_factory=dict)
    """What is wrong with single needs, by their place on the page from 0."""


def typed_of(member: Member, *, world: bool = False) -> Typed:
    """Return what stands on the page of a member as they are.

    Args:
        member: Who.
        world: Whether they said yes to being named to anybody on the net.
    """
    ends = (*member.needs_until, *(None for _ in member.needs))
    needs = [(need, end.isoformat() if end else "") for need, end in zip(member.needs, ends, strict=False)]
    lists = {name: "\n".join(getattr(member, name)) for name in LISTS}
    ticked = {f"visible_{audience}" for audience in AUDIENCES if getattr(member.visibility, audience)}
    ticked |= {f"intent_{intent.value}" for intent in member.intents}
    ticked |= {name for name in ("large_text", "spoken") if getattr(member.comfort, name)}
    ticked |= {"introductions"} if member.introductions else set()
    ticked |= {WORLD} if world else set()
    return Typed(
        {
            **{name: getattr(member, name) for name in LINES},
            **lists,
            "languages": ", ".join(member.languages),
            "stays_s": str(member.comfort.stays_s),
        },
        frozenset(ticked),
        tuple(needs),
    )


def read(typed: Typed, before: Member, today: date) -> Draft:
    """Lay what was typed over a member.

    Args:
        typed: The page's fields.
        before: The member as they are; what is not on the page stays: badges, joined, host, whom they avoid.
        today: The day from which "end of the month" is understood.
    """
    wrong: set[str] = set()

    def take(name: str, parse: Callable[[str], Value], was: Value) -> Value:
        try:
            return parse(typed.texts.get(name, ""))
        except ValueError:
            wrong.add(name)
            return was

    def a_list(text: str) -> tuple[str, ...]:
        return profiles.parse_items(_joined(text.splitlines()))

    def line(text: str) -> str:
        return profiles.parse_line(profiles.clean(text))

    needs, ends = before.needs, before.needs_until
    faults = _faults(typed.needs, typed_of(before).needs, today)
    try:
        if not faults:
            needs, ends = profiles.parse_need_rows(typed.needs, today)
    except ValueError:
        wrong.add("needs")
    wrong |= {"needs"} if faults else set()
    intents = tuple(each for each in Intent if f"intent_{each.value}" in typed.ticked)
    member = msgspec.structs.replace(
        before,
        name=take("name", lambda text: profiles.parse_name(profiles.clean(text)), before.name),
        trade=take("trade", line, before.trade),
        company=take("company", line, before.company),
        place=take("place", line, before.place),
        needs=needs,
        needs_until=ends,
        offers=take("offers", a_list, before.offers),
        interests=take("interests", a_list, before.interests),
        ask_about=take("ask_about", a_list, before.ask_about),
        avoid_topics=take("avoid_topics", a_list, before.avoid_topics),
        languages=take("languages", _languages, before.languages),
        intents=intents,
        introductions="introductions" in typed.ticked,
        visibility=Visibility(**{audience: f"visible_{audience}" in typed.ticked for audience in AUDIENCES}),
        comfort=Comfort(
            large_text="large_text" in typed.ticked,
            spoken="spoken" in typed.ticked,
            stays_s=take("stays_s", profiles.parse_stay, before.comfort.stays_s),
        ),
    )
    return Draft(member, frozenset(wrong), faults)


def _faults(
    rows: Sequence[tuple[str, str]], before: Sequence[tuple[str, str]], today: date
) -> dict[int, NeedFault]:
    """Return what is wrong with each need; one that stood there before may have had its day."""
    faults: dict[int, NeedFault] = {}
    for place, row in enumerate(rows):
        try:
            _needs, ends = profiles.parse_need_rows([row], today)
        except ValueError:
            faults[place] = NeedFault.RULE
        else:
            if row not in before and any(end is not None and end < today for end in ends):
                faults[place] = NeedFault.PAST
    return faults


def _languages(text: str) -> tuple[str, ...]:
    return profiles.parse_languages(
        ";".join(profiles.clean(text).replace(",", " ").replace(";", " ").split())
    )


def _joined(lines: Sequence[str]) -> str:
    return ";".join(profiles.clean(each) for each in lines)
