"""Why two people are introduced, as a sentence in the reader's language.

Pure.  A sentence quotes only what a reason holds, in its owner's own words, and says nothing that would
have to agree with anybody's gender: no participle and no adjective speaks of a person.
"""

from typing import assert_never

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
from kiosk.core.languages import language_name
from kiosk.core.pieces import Span
from kiosk.core.sentences import Words, day_and_month, spans


def reason_of(words: Words, reason: Reason, name: str, trade: str = "") -> tuple[Span, ...]:  # noqa: C901, PLR0912 - one case a reason, closed
    """Return why to meet `name`, whose trade it may be, to be read by the visitor: one sentence."""
    match reason:
        case TheyOffer(need=need, offer=offer):
            message = words.gettext("You are looking for “*{need}*”: {name} offers “*{offer}*”.")
            return spans(message, name=name, need=need, offer=offer)
        case TheyNeed(need=need, offer=offer):
            message = words.gettext("{name} is looking for “*{need}*”, and you offer “*{offer}*”.")
            return spans(message, name=name, need=need, offer=offer)
        case TheyKnow(need=need, knows=knows):
            if knows == trade:
                message = words.gettext(
                    "You are looking for “*{need}*”: for {name} it is a trade, “*{knows}*”."
                )
                return spans(message, name=name, need=need, knows=knows)
            message = words.gettext("You are looking for “*{need}*”: {name} can tell you about “*{knows}*”.")
            return spans(message, name=name, need=need, knows=knows)
        case TheyAsk(need=need, knows=knows):
            message = words.gettext("{name} is looking for “*{need}*”, and you know about “*{knows}*”.")
            return spans(message, name=name, need=need, knows=knows)
        case BothLike(interest=interest, their_words=their_words):
            if interest.casefold() == their_words.casefold():
                message = words.gettext("Something in common with {name}: “*{interest}*”.")
                return spans(message, name=name, interest=interest)
            message = words.gettext(
                "Something in common: “*{interest}*” for you, “*{their_words}*” for {name}."
            )
            return spans(message, name=name, interest=interest, their_words=their_words)
        case NewHere(joined=joined):
            message = words.gettext("{name} has been with us since *{day}*: a hello would be welcome.")
            return spans(message, name=name, day=day_and_month(words, joined))
        case KnowsThePlace():
            return spans(words.gettext("{name} *knows the place* well: a good person to ask."), name=name)
        case OpenToChat():
            return spans(words.gettext("{name} is *open to a chat* today: go and say hello."), name=name)
        case SharedLanguage(language=language):
            return _shared_language(words, language, name)
        case CatchUp(met=met):
            message = words.gettext("You and {name} talked on *{day}*: time to hear what came of it.")
            return spans(message, name=name, day=day_and_month(words, met))
        case HostSays():
            message = words.gettext("You and {name} would have *things to tell each other*, we thought.")
            return spans(message, name=name)
        case _:
            assert_never(reason)


def brief_reason_of(words: Words, reason: Reason, name: str) -> tuple[Span, ...]:
    """Return the same without what the visitor said of themselves, for a small card: they know it."""
    match reason:
        case TheyOffer(offer=offer):
            return spans(words.gettext("{name} offers “*{offer}*”."), name=name, offer=offer)
        case TheyNeed(need=need) | TheyAsk(need=need):
            return spans(words.gettext("{name} is looking for “*{need}*”."), name=name, need=need)
        case TheyKnow(knows=knows):
            return spans(words.gettext("{name} can tell you about “*{knows}*”."), name=name, knows=knows)
        case BothLike(their_words=their_words):
            return spans(words.gettext("In common: “*{interest}*”."), interest=their_words)
        case NewHere(joined=joined):
            return spans(
                words.gettext("{name} has been with us since *{day}*."),
                name=name,
                day=day_and_month(words, joined),
            )
        case KnowsThePlace() | OpenToChat() | SharedLanguage() | CatchUp() | HostSays():
            return reason_of(words, reason, name)
        case _:
            assert_never(reason)


def for_them_of(words: Words, reason: Reason | None, name: str) -> tuple[Span, ...]:
    """Return what meeting is good for on the other side, to be read by the visitor.

    Returns:
        One short sentence that follows the reason; empty for `None`, and where there is nothing to add.
    """
    match reason:
        case TheyNeed(offer=offer):
            return spans(words.gettext("And for {name}: your “*{offer}*”."), name=name, offer=offer)
        case TheyAsk(knows=knows):
            return spans(words.gettext("And for {name}: what you know, “*{knows}*”."), name=name, knows=knows)
        case TheyOffer(offer=offer):
            return spans(words.gettext("And for you: “*{offer}*”."), offer=offer)
        case TheyKnow(knows=knows):
            return spans(
                words.gettext("And for you: what {name} knows, “*{knows}*”."), name=name, knows=knows
            )
        case BothLike(their_words=their_words):
            return spans(words.gettext("And in common: “*{interest}*”."), interest=their_words)
        case NewHere() | KnowsThePlace() | OpenToChat() | SharedLanguage() | CatchUp() | HostSays() | None:
            return ()
        case _:
            assert_never(reason)


def _shared_language(words: Words, code: str, name: str) -> tuple[Span, ...]:
    language = language_name(words, code)
    if not language:
        return spans(words.gettext("You and {name} share a *language* that few here speak."), name=name)
    return spans(words.gettext("You and {name} both speak *{language}*."), name=name, language=language)
