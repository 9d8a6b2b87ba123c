"""What the hub does when a day begins: yesterday becomes past, answers become lessons.

The reading and the writing are transactions of the caller's; what lies between is heavy, and for a worker.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import Connection

from community.clock import Hours
from community.ids import SpaceId
from community.introductions.learning import (
    LEAST_OUTCOMES,
    Outcome,
    Tally,
    draw,
    refit,
    settings,
    study,
    words,
)
from community.introductions.pairing import PersonPast
from community.introductions.rules import seed_of
from community.introductions.today import Today
from community.introductions.weights import Weights
from sync.introductions.answers import Said, answers
from sync.introductions.history import Moment
from sync.introductions.judges import Judges
from sync.introductions.learned import Learned, keep_learned, kept
from sync.introductions.past import pasts
from sync.introductions.room import Room
from sync.store import directory, introductions, outcomes
from sync.store.outcomes import Answer

LATE = timedelta(days=7)
"""How many days back answers are looked at again: a kiosk that was cut off brings them late."""

LONG_AGO = timedelta(days=60)
"""How many days back answers are looked at when none were ever kept: what two people had in common longer
ago, their profiles of today no longer say."""

PRIOR = Weights()


@dataclass(frozen=True, slots=True)
class Night:
    """What one night made of the log."""

    day: date
    people: tuple[PersonPast, ...]
    answers: Mapping[date, tuple[Answer, ...]]
    """Of the last days, each whole."""


def night(
    story: Sequence[Moment],
    room: Room,
    hours: Hours,
    judges: Judges,
    *,
    since: date | None,
    earlier: Sequence[PersonPast] = (),
) -> Night:
    """Work out the past and the answers of the last days.

    Args:
        story: The log as far as it is kept, with who was weighed.
        room: As things stand, on the day that begins.
        hours: Tells the space's days.
        judges: Says what two people had in common.
        since: The morning of the last night that was kept; `None` if none ever was.
        earlier: What the part of the log that was let go of said of people.
    """
    day = room.day
    begin = day - LONG_AGO if since is None else min(since, day) - LATE
    said = {when: some for when, some in answers(story, hours).items() if begin <= when < day}
    kept_answers = {
        when: _with_features(some, (story, earlier), room, hours, judges, when) for when, some in said.items()
    }
    return Night(day, pasts(story, hours, day, earlier), kept_answers)


def keep_night(connection: Connection, done: Night, space: SpaceId, *, learning: bool) -> int:
    """Keep what a night made, let go of what belongs to other days, and set the day's weights.

    Args:
        connection: In a writing transaction.
        done: What `night` made.
        space: Stands in the seed of the day's draw.
        learning: Whether the weights may leave the fixed ones.

    Returns:
        The latest revision of the feed.
    """
    introductions.put_pasts(connection, done.people)
    for when, some in done.answers.items():
        outcomes.keep(connection, when, _still_here(connection, some))
    introductions.put_plan(connection, introductions.plan_of(connection, done.day))
    everything = outcomes.everything(connection)
    enough = len(everything) >= LEAST_OUTCOMES
    chosen = None
    if learning and enough:
        chosen = _chosen(everything, outcomes.tallies(connection), seed_of(space, done.day))
    lessons = kept(words(PRIOR, study(PRIOR, everything))) if enough else ()
    name = "" if chosen is None else chosen.name
    keep_learned(connection, Learned(done.day, len(everything), learning, name, lessons))
    return introductions.put_weights(connection, chosen)


def _chosen(everything: Sequence[Outcome], tallies: Mapping[str, Tally], seed: str) -> Weights:
    return draw(settings(refit(PRIOR, everything)), tallies, seed)


def _with_features(
    said: Iterable[Said],
    past: tuple[Sequence[Moment], Sequence[PersonPast]],
    room: Room,
    hours: Hours,
    judges: Judges,
    when: date,
) -> tuple[Answer, ...]:
    """Add what the two had in common on that day, as far as their profiles say today."""
    then = replace(
        room, day=when, people={person.member: person for person in pasts(past[0], hours, when, past[1])}
    )
    judge = judges.judge(then, Today(), {})
    return tuple(
        Answer(
            one.member,
            one.other,
            when,
            Outcome(tuple(judge.features(one.member, [one.other])[0].tolist()), one.yes, one.chance),
            one.weights,
        )
        for one in said
        if one.member in room.members and one.other in room.members
    )


def _still_here(connection: Connection, some: Iterable[Answer]) -> list[Answer]:
    """Leave out who was erased while the night was worked out."""
    known = {member.id for member in directory.all_members(connection)}
    return [answer for answer in some if answer.member in known and answer.other in known]
