"""Say why two members are or are not introduced, and what today's plan would be.

Reads the hub's database and changes nothing; decides with the very parts hub and doors decide with.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from community.clock import us_of
from community.ids import MemberId
from community.introductions.explain import Explanation, Place, SlotCase, explain
from community.introductions.hopes import Hopes
from community.introductions.judge import SLOTS
from community.introductions.matchmaker import Matchmaker
from community.introductions.pairing import Pairing
from community.introductions.planner import Plan, PlanRules
from community.introductions.rules import plan_hour, regulars
from community.introductions.slots import Slot
from community.introductions.today import Today
from community.members import Member
from foyer import introductions_words as told
from foyer.errors import UsageError
from foyer.lines import Line
from foyer.meant import one_meant
from foyer.visiting import hub_settings
from plumbing.database import Database, open_engine
from plumbing.words import Sentence
from sync.introductions import plan
from sync.introductions.judges import Judges, Moods
from sync.introductions.moments import moment_of
from sync.introductions.overview import named_pairs
from sync.introductions.room import Room, read_room
from sync.presence import KEPT, Clocks, Presence
from sync.store import log
from sync.store.log import Stored


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that is known at one moment."""

    at: datetime
    hour: datetime
    """When the day's plan is completed."""
    room: Room
    today: Today
    moods: Moods
    """Of everybody present."""
    since: dict[MemberId, datetime]
    """When each of them came."""
    judge: Matchmaker
    hopes: Hopes
    """Among those who usually come, as the doors know them."""
    rules: PlanRules
    plan: Plan
    """As kiosks and hub have made it so far."""


def explained(settings_file: Path, one: str, other: str, at: datetime | None = None) -> list[Line]:
    """Return everything that speaks for and against introducing two members, in sentences.

    Args:
        settings_file: The hub's TOML file.
        one: An id, or a whole name.
        other: Another.
        at: The moment; now if `None`.  Without a zone it is the space's time.

    Raises:
        UsageError: There is no such member, or several.
        SettingsError, DatabaseError: The hub's database cannot be read.
    """
    scene = _scene(settings_file, at)
    first, second = (one_meant(written, scene.room.members.values()) for written in (one, other))
    found = explain(scene.judge, first.id, second.id, _places(scene, first.id, second.id))
    pairing = next((p for p in scene.plan.pairings if {*p.pair} == {first.id, second.id}), None)
    return list(_explanation(scene, first, second, found, pairing))


def previewed(settings_file: Path, at: datetime | None = None) -> list[Line]:
    """Return the day's plan as it would be at a moment, in sentences; arguments are those of `explained`."""
    scene = _scene(settings_file, at)
    done = plan.completed(scene.plan, scene.judge, scene.moods.keys(), scene.rules)
    new = [pairing for pairing in done.pairings if not scene.plan.has(pairing.pair)]
    return [
        told.title(told.moment(scene.at)),
        told.present(len(scene.moods), scene.rules.cap),
        told.standing(len(scene.plan.pairings)),
        *_pairs(scene, scene.plan.pairings),
        told.completing(len(new), scene.hour, after=scene.at >= scene.hour),
        *_pairs(scene, new),
    ]


def _scene(settings_file: Path, at: datetime | None) -> Scene:
    settings = hub_settings(settings_file)
    zone = settings.space.hours.zone
    when = (at or datetime.now(UTC)) if at is None or at.tzinfo else at.replace(tzinfo=zone)
    when = when.astimezone(zone)
    day = settings.space.hours.day_of(when)
    database = Database(open_engine(_there(settings.database)))
    try:
        room, stored = database.read_now(lambda c: _read(c, day, when))
    finally:
        database.close()
    presence = Presence(settings.space.hours)
    presence.load(_until(stored, when), when)
    visits = presence.present(when)
    now = moment_of(room, visits, presence.today(when), presence.hours)
    judges = Judges()
    rules = room.rules(settings.space.id, settings.facts.shown_a_day)
    usual = regulars(room.members.values(), room.past, day)
    return Scene(
        at=when,
        hour=plan_hour(settings.facts, settings.space.hours, day).astimezone(zone),
        room=room,
        today=now.today,
        moods=now.moods,
        since={visit.member_id: visit.arrived.astimezone(zone) for visit in visits},
        judge=judges.judge(room, now.today, now.moods),
        hopes=Hopes(judges.judge(room, Today(), {}), usual, rules.seed),
        rules=rules,
        plan=plan.joined(room.plan, now.today, rules),
    )


def _there(url: str) -> str:
    """Return a database's address; opening a file that is not there would make one."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return url  # opening it says what is wrong
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
        raise UsageError(
            Sentence("there is no database {file} yet: start the hub first", file=parsed.database or "")
        )
    return url


def _read(connection: Connection, day: date, at: datetime) -> tuple[Room, tuple[Stored, ...]]:
    begin_us = us_of(at - KEPT)
    return read_room(connection, day), log.since(connection, begin_us)


def _until(stored: Iterable[Stored], at: datetime) -> list[Stored]:
    """Return what had happened by a moment."""
    everything = list(stored)
    clocks = Clocks()
    clocks.learn(everything)
    return [item for item in everything if clocks.happened(item).at <= at]


def _places(scene: Scene, one: MemberId, other: MemberId) -> dict[tuple[Slot, MemberId], Place]:
    """Return where the pair stands for each of the two, among those present, the other counted in."""
    here = {member for member in scene.moods if member in scene.room.members} | {one, other}
    places = {}
    for mine, theirs in ((one, other), (other, one)):
        others = sorted(here - {mine})
        scores = scene.judge.row(mine, others)
        for at, slot in enumerate(SLOTS):
            score = scores[at, others.index(theirs)]
            if score > 0:
                after = scene.at >= scene.hour
                least = 0.0 if after else scene.hopes.least(mine, at, scene.rules.reserve)
                places[slot, mine] = Place(
                    int((scores[at] > score).sum()) + 1, int((scores[at] > 0).sum()), least
                )
    return places


def _explanation(
    scene: Scene, first: Member, second: Member, found: Explanation, pairing: Pairing | None
) -> Iterator[Line]:
    yield told.title(told.pair_at(first.name, second.name, scene.at))
    for member in (first, second):
        yield told.presence(member.name, scene.since.get(member.id), scene.moods.get(member.id))
        load_ = scene.plan.load(member.id, scene.moods.keys())
        yield told.room_left(member.name, load_, scene.rules.cap_of(member.id))
    yield told.in_plan(pairing, shown=pairing is not None and pairing.pair in scene.plan.shown)
    yield told.bars(found.bars)
    yield from (told.bar(bar) for bar in found.bars)
    for mine, theirs, acceptance in (
        (first, second, found.acceptance_of_one),
        (second, first, found.acceptance_of_other),
    ):
        if acceptance is not None:
            yield told.acceptance(mine.name, theirs.name, acceptance.probability)
            yield from (told.term(term) for term in acceptance.terms)
    for case in found.slots:
        yield from _case(first, second, case)


def _case(first: Member, second: Member, case: SlotCase) -> Iterator[Line]:
    yield told.slot(case.slot, case.score)
    yield from (told.bar(bar) for bar in case.barred)
    yield from (told.own_part(term, first.name, second.name) for term in case.terms)
    if case.slot is Slot.NEIGHBOUR:
        yield told.warmth()
    yield from (told.factor(name, value) for name, value in case.factors)
    for member, other, place, introduction in (
        (first, second, case.place_of_one, case.for_one),
        (second, first, case.place_of_other, case.for_other),
    ):
        if place is not None:
            yield told.place(member.name, place)
        if introduction is not None:
            yield told.reads(member.name, other.name, introduction.reason)


def _pairs(scene: Scene, pairings: Iterable[Pairing]) -> Iterator[Line]:
    """Tell pairs whom hosts may know, and count the others."""
    named, hidden = named_pairs(pairings, scene.room.members, scene.judge, scene.moods)
    for two in named:
        shown = two.pairing.pair in scene.plan.shown
        yield told.pair(two.one, two.other, two.pairing, two.reason, shown=shown)
    if hidden:
        yield told.hidden(hidden)
