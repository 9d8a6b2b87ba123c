"""Why two people are introduced, and what was learned, as a host reads it."""

from typing import assert_never

from community.introductions.learning import Direction
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
from plumbing.words import Words
from sync.dashboard.dates import full_date, language_name
from sync.introductions.learned import LessonKept

QUITE_SURE = 0.95
"""Above this a lesson is told without "probably"."""


def why(words: Words, language: str, reason: Reason, one: str, other: str) -> str:  # noqa: C901, PLR0912 - one case a reason, closed
    """Return a reason as a host reads it.

    Args:
        words: Of the host's language.
        language: Two letters, the same.
        reason: As `one` would read it.
        one: A name.
        other: Another.
    """
    match reason:
        case TheyOffer(need=need, offer=offer):
            return _they_offer(words, one, need, other, offer)
        case TheyNeed(need=need, offer=offer):
            return _they_offer(words, other, need, one, offer)
        case TheyKnow(need=need, knows=knows):
            return _they_know(words, one, need, other, knows)
        case TheyAsk(need=need, knows=knows):
            return _they_know(words, other, need, one, knows)
        case BothLike(interest=interest, their_words=their_words):
            if interest.casefold() == their_words.casefold():
                return words.gettext("In common: “{interest}”.").format(interest=interest)
            return words.gettext("In common: “{interest}” and “{their_words}”.").format(
                interest=interest, their_words=their_words
            )
        case NewHere(joined=joined):
            return words.gettext("{name} has been here since {day}.").format(
                name=other, day=full_date(words, language, joined)
            )
        case KnowsThePlace():
            return words.gettext("{name} knows the place well.").format(name=other)
        case OpenToChat():
            return words.gettext("{name} is open to a chat today.").format(name=other)
        case SharedLanguage(language=code):
            return words.gettext("Both speak a language few here do: {language}.").format(
                language=language_name(code, language)
            )
        case CatchUp(met=met):
            return words.gettext("They met on {day}: time to hear what came of it.").format(
                day=full_date(words, language, met)
            )
        case HostSays():
            return words.gettext("They would have things to tell each other.")
        case _:
            assert_never(reason)


def lesson(words: Words, learned: LessonKept) -> str:
    """Return one lesson as a sentence; empty for what may be chance."""
    when = _when(words, learned.feature)
    sure = learned.sure >= QUITE_SURE
    match learned.direction:
        case Direction.MORE if sure:
            return words.gettext("People here say yes more often than was assumed when {when}.").format(
                when=when
            )
        case Direction.MORE:
            return words.gettext(
                "Probably, people here say yes more often than was assumed when {when}."
            ).format(when=when)
        case Direction.LESS if sure:
            return words.gettext("It matters less here than was assumed when {when}.").format(when=when)
        case Direction.LESS:
            return words.gettext("Probably it matters less here than was assumed when {when}.").format(
                when=when
            )
        case Direction.AGAINST if sure:
            return words.gettext("People here say yes less often when {when}.").format(when=when)
        case Direction.AGAINST:
            return words.gettext("Probably, people here say yes less often when {when}.").format(when=when)
        case Direction.AS_ASSUMED:
            return ""
        case _ as never:
            assert_never(never)


def _they_offer(words: Words, one: str, need: str, other: str, offer: str) -> str:
    return words.gettext("{one} is looking for “{need}”; {other} offers “{offer}”.").format(
        one=one, need=need, other=other, offer=offer
    )


def _they_know(words: Words, one: str, need: str, other: str, knows: str) -> str:
    return words.gettext("{one} is looking for “{need}”; {other} knows about “{knows}”.").format(
        one=one, need=need, other=other, knows=knows
    )


def _when(words: Words, feature: str) -> str:
    known = {
        "answers_me": words.gettext("the other has what they are looking for"),
        "i_answer": words.gettext("they can give what the other is looking for"),
        "common_ground": words.gettext("the two have an interest in common"),
        "same_language": words.gettext("the two prefer the same language"),
        "overlap": words.gettext("the two come on the same days"),
        "my_yes": words.gettext("they have often said yes before"),
        "their_yes": words.gettext("others have often said yes to that person"),
    }
    return known.get(feature, feature)
