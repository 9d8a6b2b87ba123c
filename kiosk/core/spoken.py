"""What is on the screen, as a person would say it: for members who asked to be read to.

Pure.  A view holds finished sentences in its reader's language already, and nobody in it who does not want to
be; here they are only put in the order in which ears want them, and rid of what is for the eyes.  Nothing is
said of views that are nobody's own: the lobby, and what is typed.
"""

import re
from collections.abc import Iterable
from typing import assert_never

from kiosk.core.pieces import Card
from kiosk.core.views import (
    Farewell,
    Greeting,
    GuestNotice,
    HoldStill,
    HostPage,
    Lobby,
    MetNotice,
    OwnCard,
    RandomBadge,
    RefusedBadge,
    TroubleScreen,
    Typing,
    UnknownBadge,
    View,
)

LONGEST = 900
"""Characters said at most: about a minute, and more than any greeting has."""

_FOR_EYES = re.compile(r"[✓●»«“”\"·▲*_<>\\\[\]{}|~^]|\bhttps?://\S+")
_GAPS = re.compile(r"\s+")
_ENDS = (".", "!", "?", "…", ":")


def spoken_of(view: View) -> str:
    """Return what is to be said; empty for nothing."""
    match view:
        case Greeting() | OwnCard():
            since = view.noted if isinstance(view, Greeting) else view.since_line
            occasion = view.occasion if isinstance(view, Greeting) else ""
            asks = "" if isinstance(view, Greeting) else view.leave_line
            table = view.table.line if view.table is not None else ""
            people = (view.subtitle, *map(_card, view.cards)) if view.cards else (view.empty_line,)
            question = (view.question_label, view.question)
            parts = [view.headline, since, view.visitor_line, occasion, *people, *question, table, asks]
        case Farewell():
            parts = [view.headline, view.line, view.question, *(c.label for c in view.answers)]
        case MetNotice():
            parts = [f"{view.first.name}, {view.second.name}", view.line]
        case UnknownBadge():
            parts = [view.headline, ", ".join(view.code.replace(" ", "")), *view.lines]
        case RandomBadge() | RefusedBadge() | HoldStill() | GuestNotice():
            parts = [view.headline, *view.lines]
        case TroubleScreen():
            parts = [view.headline, view.what, view.what_to_do]
        case Lobby() | Typing() | HostPage():
            parts = []
        case _:
            assert_never(view)
    return _said(parts)


def _card(card: Card) -> str:
    """Return one person to meet: why, which names them, and where they are."""
    reason = "".join(span.text for span in card.reason)
    named = reason if card.name in reason else f"{card.name}: {reason}"
    return f"{_sentence(named)} {card.place}" if card.place else named


def _said(parts: Iterable[str]) -> str:
    said = " ".join(sentence for part in parts if (sentence := _sentence(part)))
    return said if len(said) <= LONGEST else said[:LONGEST].rsplit(" ", 1)[0]


def _sentence(part: str) -> str:
    """Return a part with a stop at its end: without one, voices run on."""
    text = _GAPS.sub(" ", _FOR_EYES.sub(" ", part)).strip()
    return text if not text or text.endswith(_ENDS) else f"{text}."
