"""What `foyer introductions` says: each thing that was weighed as one sentence."""

from collections.abc import Sequence
from datetime import datetime

from community.introductions.explain import Place, Term
from community.introductions.filters import Bar
from community.introductions.pairing import Origin, Pairing
from community.introductions.reasons import Reason
from community.introductions.slots import Slot
from community.members import Mood
from foyer.lines import Because, Line
from plumbing.words import Sentence


def moment(at: datetime) -> str:
    """Return a moment as it is typed: the day, and the time of the space."""
    return at.strftime("%Y-%m-%d %H:%M")


def title(text: str) -> Line:
    """The first line."""
    return Line(text)


def pair_at(one: str, other: str, at: datetime) -> Sentence:
    """Whom this is about, and when."""
    return Sentence("{one} and {other}, {at}", one=one, other=other, at=moment(at))


def presence(name: str, since: datetime | None, mood: Mood | None) -> Line:
    """Whether somebody is in."""
    if since is None:
        return Line(Sentence("{name} is not here", name=name), 1)
    here = Sentence("{name} is here since {time}", name=name, time=since.strftime("%H:%M"))
    if mood is None:
        return Line(here, 1)
    return Line(Sentence("{here}; mood of the day: {mood}", here=here, mood=MOODS[mood]), 1)


MOODS = {
    Mood.OPEN: Sentence("open to a chat"),
    Mood.LOOKING: Sentence("looking for someone"),
    Mood.HELLO: Sentence("just hello"),
    Mood.HEADS_DOWN: Sentence("heads-down"),
}


def room_left(name: str, load: int, cap: int) -> Line:
    """How many introductions somebody has today."""
    return Line(
        Sentence("{name} has {load} of at most {cap} introductions today", name=name, load=load, cap=cap), 1
    )


ORIGINS = {
    Origin.TAP: Sentence("at a tap"),
    Origin.PLAN: Sentence("by the plan"),
    Origin.TABLE: Sentence("for a table"),
}

SLOTS = {
    Slot.PARTNER: Sentence("client or partner"),
    Slot.ADVICE: Sentence("advice"),
    Slot.NEIGHBOUR: Sentence("neighbour"),
}


def in_plan(pairing: Pairing | None, *, shown: bool) -> Line:
    """Whether the two are in today's plan."""
    if pairing is None:
        return Line(Sentence("They are not in today's plan"), 1)
    where, how = SLOTS[pairing.slot], ORIGINS[pairing.origin]
    if shown:
        return Line(
            Sentence("They are in today's plan, paired {how} ({slot}), and were shown", how=how, slot=where),
            1,
        )
    return Line(Sentence("They are in today's plan, paired {how} ({slot})", how=how, slot=where), 1)


def bars(found: Sequence[Bar]) -> Line:
    """Whether anything bars them."""
    return Line(Sentence("What bars them:") if found else Sentence("Nothing bars them"))


BARS = {
    Bar.SELF: Sentence("it is the same person"),
    Bar.UNKNOWN: Sentence("one of them is no member"),
    Bar.NOT_AGREED: Sentence("one of them did not agree to introductions"),
    Bar.HIDDEN: Sentence("one of them is not named to other members"),
    Bar.HEADS_DOWN: Sentence("one of them is heads-down today"),
    Bar.NO_COMMON_LANGUAGE: Sentence("they have no language in common"),
    Bar.AVOIDED: Sentence("one of them would rather not meet the other, as the profile says"),
    Bar.REFUSED: Sentence("one of them would rather not, as was said after an introduction"),
    Bar.RESTING: Sentence("they were shown to each other lately, and nothing came of it"),
    Bar.MET_LATELY: Sentence("they met lately: too soon to catch up"),
    Bar.MET: Sentence("they have met: no partner, no adviser need be found"),
    Bar.SAME_COMPANY: Sentence("they are of one company: no client or partner"),
    Bar.NOT_FOR_BUSINESS: Sentence("one of them is not open to business"),
    Bar.NOBODY_TO_ASK: Sentence("neither of them is glad to be asked, or to advise"),
}


def bar(found: Bar) -> Line:
    """One bar."""
    return Line(Sentence("- {what}", what=BARS[found]), 1)


def acceptance(one: str, other: str, probability: float) -> Line:
    """How likely one says yes."""
    return Line(
        Sentence(
            "How likely {one} says yes to {other}: {probability}",
            one=one,
            other=other,
            probability=_number(probability),
        )
    )


TERMS = {
    "intercept": Sentence("to begin with"),
    "answers_me": Sentence("the other has what they need"),
    "i_answer": Sentence("they have what the other needs"),
    "common_ground": Sentence("an interest in common"),
    "same_language": Sentence("the same preferred language"),
    "overlap": Sentence("usual days in common"),
    "my_yes": Sentence("how often they say yes, beside the average"),
    "their_yes": Sentence("how often others say yes to the other, beside the average"),
    "open_to_chat": Sentence("open to a chat today, of the two"),
    "lift": Sentence("acquaintances missing to three, of both together"),
    "newcomer": Sentence("how new they are, together"),
    "bridge": Sentence("another company, another language, nobody in common: how many of three"),
}


def term(found: Term) -> Line:
    """One term of a sum."""
    return Line(
        Sentence(
            "{what}: {value} × {weight} = {counts}",
            what=TERMS.get(found.name, found.name),
            value=_number(found.value),
            weight=_number(found.weight),
            counts=_number(found.counts),
        ),
        1,
    )


def slot(which: Slot, score: float) -> Line:
    """A slot and its score."""
    return Line(Sentence("{slot}: {score}", slot=SLOTS[which], score=_number(score)))


def own_part(found: Term, one: str, other: str) -> Line:
    """What a slot's own part is made of."""
    match found.name:
        case "answers_one":
            what = Sentence(
                "{other} offers what {one} needs: {value}", one=one, other=other, value=_number(found.value)
            )
        case "answers_other":
            what = Sentence(
                "{other} offers what {one} needs: {value}", one=other, other=one, value=_number(found.value)
            )
        case "advises_one":
            what = Sentence(
                "{other} knows what {one} asks: {value}", one=one, other=other, value=_number(found.value)
            )
        case "advises_other":
            what = Sentence(
                "{other} knows what {one} asks: {value}", one=other, other=one, value=_number(found.value)
            )
        case _:
            return term(found)
    return Line(what, 1)


def warmth() -> Line:
    """How a neighbour's terms count."""
    return Line(Sentence("of their sum s, 1 - exp(-s) counts"), 1)


FACTORS = {
    "reciprocal": Sentence("both would say yes"),
    "novelty": Sentence("how new the two are to each other on the screen"),
    "true_reason": Sentence("there is something true to say"),
    "first_meeting": Sentence("whether they would meet for the first time"),
}


def factor(name: str, value: float) -> Line:
    """What a slot's part is multiplied with."""
    return Line(Sentence("× {what}: {value}", what=FACTORS.get(name, name), value=_number(value)), 1)


def place(name: str, where: Place) -> Line:
    """Where the pair stands for one of the two."""
    if where.threshold <= 0:
        return Line(
            Sentence(
                "for {name}: number {rank} of {out_of}", name=name, rank=where.rank, out_of=where.out_of
            ),
            1,
        )
    return Line(
        Sentence(
            "for {name}: number {rank} of {out_of}; at a tap shown from {threshold} on",
            name=name,
            rank=where.rank,
            out_of=where.out_of,
            threshold=_number(where.threshold),
        ),
        1,
    )


def reads(name: str, other: str, reason: Reason) -> Line:
    """Why, as one of the two would be told."""
    return Line(Sentence("why, for {name}:", name=name), 1, Because(reason, name, other))


def present(count: int, cap: int) -> Line:
    """How many are in."""
    return Line(Sentence("Members here: {count}; introductions a day, at most: {cap}", count=count, cap=cap))


def standing(count: int) -> Line:
    """How many pairs there are already."""
    return Line(Sentence("Decided so far, pairs: {count}", count=count))


def completing(count: int, hour: datetime, *, after: bool) -> Line:
    """What completing the plan would add."""
    if after:
        return Line(Sentence("Completing the plan now would add pairs: {count}", count=count))
    return Line(
        Sentence(
            "If the plan were completed with those here now, and not at {hour}, it would add pairs: {count}",
            hour=hour.strftime("%H:%M"),
            count=count,
        )
    )


def pair(one: str, other: str, pairing: Pairing, reason: Reason | None, *, shown: bool) -> Line:
    """One pair."""
    facts = {"one": one, "other": other, "slot": SLOTS[pairing.slot], "score": _number(pairing.score)}
    sentence = (
        Sentence("{one} and {other}: {slot}, {score}, shown.", **facts)
        if shown
        else Sentence("{one} and {other}: {slot}, {score}.", **facts)
    )
    return Line(sentence, 1, None if reason is None else Because(reason, one, other))


def hidden(count: int) -> Line:
    """How many pairs are not told."""
    return Line(Sentence("And pairs with somebody who prefers not to be named: {count}", count=count), 1)


def _number(value: float) -> str:
    return f"{value:.2f}"
