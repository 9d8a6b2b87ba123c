"""A view as sentences, for a screen too small for lettering: the least important go first."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.geometry import Region

from kiosk.core.keys import TABLE_KEY
from kiosk.core.pieces import Card, Choice, Invitation, Span
from kiosk.ui import palette
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.text import wrap
from kiosk.ui.widgets.measures import CREAM, MUTED, YELLOW_BOLD


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence on a tiny screen; the highest `rank` is left out first."""

    spans: tuple[Span, ...]
    rank: int
    hand: Hand = CREAM
    rows: int = 2
    """At most this many rows."""
    key: str = ""
    """What a touch on it sends; empty for nothing of its own."""


def plain_list(canvas: Canvas, paragraphs: Sequence[Paragraph], *, stays: bool = False) -> None:
    """Write paragraphs down a tiny screen, leaving out the least important until the rest fits.

    Args:
        canvas: An empty canvas.
        paragraphs: In the order of reading.
        stays: Whether the view stays; else the last row is left to the countdown.
    """
    room, height = canvas.width - 2, canvas.height - (not stays)
    wrapped = [(each, wrap(each.spans, room, each.rows)) for each in paragraphs if _text(each.spans).strip()]
    while sum(len(lines) for _each, lines in wrapped) > height and len(wrapped) > 1:
        longest = max((each.rank, len(lines), i) for i, (each, lines) in enumerate(wrapped))
        i = longest[2]
        paragraph, lines = wrapped[i]
        if len(lines) > 1:
            wrapped[i] = (paragraph, wrap(paragraph.spans, room, len(lines) - 1))
        else:
            del wrapped[i]
    y = 0
    for paragraph, lines in wrapped:
        if paragraph.key:
            canvas.touch(Region(0, y, canvas.width, len(lines)), paragraph.key)
        for line in lines:
            canvas.write_spans(1, y, line, paragraph.hand, YELLOW_BOLD)
            y += 1


def plain_cards(whom: Sequence[Card]) -> list[Paragraph]:
    """Cards as sentences for a tiny screen: the names last of all to go."""
    listed: list[Paragraph] = []
    for person in whom:
        about = f"● {person.name}" + (f", {person.trade}" if person.trade else "")
        listed.append(Paragraph((Span(about),), 1, Hand(palette.tint(person.tint), bold=True), rows=1))
        listed.append(Paragraph(person.brief or person.reason, 4, rows=2))
        listed.append(Paragraph((Span(f"◉ {person.place}" if person.place else ""),), 6, MUTED, rows=1))
    return listed


def plain_moods(choices: Sequence[Choice]) -> list[Paragraph]:
    """Moods as lines to touch on a tiny screen."""
    return [
        Paragraph(
            (Span(f"{'✓' if each.chosen else each.sign or each.key} {each.label}", strong=each.chosen),),
            7,
            MUTED,
            rows=1,
            key=each.key,
        )
        for each in choices
    ]


def plain_table(offered: Invitation | None) -> list[Paragraph]:
    """A seat at a table as lines to touch on a tiny screen."""
    if offered is None:
        return []
    sign = "✓ " if offered.accepted else ""
    return [
        Paragraph((Span(sign + offered.line),), 2, Hand(palette.SKY), rows=3, key=TABLE_KEY),
        Paragraph((Span(f"{TABLE_KEY} {offered.label}"),), 3, MUTED, rows=1, key=TABLE_KEY),
    ]


def _text(spans: Sequence[Span]) -> str:
    return "".join(span.text for span in spans)
