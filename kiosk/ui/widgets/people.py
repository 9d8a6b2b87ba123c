"""Whom to meet: up to three cards side by side, or the kind line in their place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual.geometry import Region

from kiosk.core.pieces import Card, Span
from kiosk.ui import lettering, palette, paragraphs
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.lettering import JERSEY_10, JERSEY_15, TINY_5, Face
from kiosk.ui.text import clean, columns, cut, wrap, wrap_text
from kiosk.ui.widgets.measures import CREAM, CREAM_BOLD, MUTED, TALL_ROWS, YELLOW_BOLD

GRAND_CARD_ROWS, GRAND_CARD_COLUMNS = 18, 40
"""From here on (160x45) a card's disc has six rows."""

ROOMY_CARD_ROWS, ROOMY_CARD_COLUMNS = 13, 34
"""From here on (120x33) names are as high as a headline, beside a disc of five rows."""

GAP = 2
"""Columns between two cards."""


def people(
    canvas: Canvas,
    region: Region,
    subtitle: str,
    whom: Sequence[Card],
    empty_line: str,
    occasion: str = "",
) -> None:
    """What is special today and a line, then the cards below it; or, when nobody fits, the kind line."""
    y = region.y
    x, said = region.x, clean(subtitle)
    if occasion:
        x += canvas.write(x, y, occasion, YELLOW_BOLD, region.width) + GAP
        if said and x + columns(said) > region.right:
            x, y = region.x, y + 1
    if said:
        canvas.write(x, y, said, CREAM_BOLD, region.right - x)
    y += 1
    if canvas.height >= TALL_ROWS and (said or occasion):
        y += 1
    rest = Region(region.x, y, region.width, region.bottom - y)
    if whom:
        cards(canvas, rest, whom)
    elif empty_line:
        _kindly(canvas, rest, empty_line)


def cards(canvas: Canvas, region: Region, people: Sequence[Card]) -> None:
    """Up to three cards side by side, all in letters of one size."""
    if not people:
        return
    share = (region.width - GAP * (len(people) - 1)) / len(people)
    regions = [
        Region.from_corners(
            region.x + round(i * (share + GAP)),
            region.y,
            region.x + round(i * (share + GAP) + share),
            region.bottom,
        )
        for i in range(len(people))
    ]
    plan = _Plan.of(canvas, min(regions, key=lambda each: each.width), people)
    for person, place in zip(people, regions, strict=True):
        _card(canvas, place, person, plan)
        canvas.steps.append(place)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What all cards side by side have in common, so that their lines are level."""

    disc_rows: int
    pad: int
    roomy: bool
    top: int
    """Rows from the card's top to its disc."""
    face: Face | None
    """In which reasons are lettered; `None` for plain text."""
    places: bool = True
    """Whether there is room to say where people sit."""

    @classmethod
    def of(cls, canvas: Canvas, region: Region, people: Sequence[Card]) -> "_Plan":
        """Plan for cards of this size, the narrowest one's."""
        grand = region.height >= GRAND_CARD_ROWS and region.width >= GRAND_CARD_COLUMNS
        roomy = region.height >= ROOMY_CARD_ROWS and region.width >= ROOMY_CARD_COLUMNS
        disc_rows = 6 if grand else 5 if roomy else 3
        plan = cls(disc_rows, 2 if region.width >= ROOMY_CARD_COLUMNS else 1, roomy, 1, None)
        for face in (JERSEY_15, JERSEY_10, TINY_5):
            lettered = replace(plan, face=face)
            if all(_lettered(canvas, lettered.text(region, person), person, face) for person in people):
                plan = lettered
                break
        if any(
            plan.text(region, each).height + 1 < _least(each, plan.text(region, each).width)
            for each in people
        ):
            return replace(plan, places=False)
        # What no card needs goes above the discs.
        spare = min(
            plan.text(region, person).height - plan.text_rows(canvas, region, person) for person in people
        )
        return replace(plan, top=2 if spare >= 1 else 1)

    def text(self, region: Region, person: Card) -> Region:
        """Where a card's reason goes: below its head and one free row, above its place and one more."""
        top = self.top + self.disc_rows + (1 if _about(person) else 0) + 1
        foot = (2 if self.roomy else 1) + 1 if person.place and self.places else self.places
        return Region(
            region.x + self.pad,
            region.y + top,
            region.width - 2 * self.pad,
            max(0, region.height - top - foot),
        )

    def text_rows(self, canvas: Canvas, region: Region, person: Card) -> int:
        """Rows that a card's reason takes in its place."""
        text = self.text(region, person)
        if self.face is not None:
            lines = _lettered(canvas, text, person, self.face)
            return paragraphs.rows(lines, self.face, canvas.blocks) if lines else 0
        return len(_fitting(person, text.width, text.height))


def _card(canvas: Canvas, region: Region, person: Card, plan: _Plan) -> None:
    tint = palette.tint(person.tint)
    canvas.fill(region, palette.PANEL)
    canvas.rule(region.x, region.y, region.width, tint)
    left, top = region.x + plan.pad, region.y + plan.top
    canvas.disc(left, top, plan.disc_rows, person.initial, tint)
    x = left + 2 * plan.disc_rows + (2 if plan.roomy else 1)
    _card_name(canvas, Region(x, top, region.right - 1 - x, plan.disc_rows), person.name, large=plan.roomy)
    room = region.width - 2 * plan.pad
    y = top + plan.disc_rows
    used = canvas.write(left, y, person.trade, Hand(tint, bold=True), room)
    used += 2 if used else 0
    if not used or used + columns(clean(person.slot_label)) <= room:
        canvas.write(left + used, y, person.slot_label, MUTED, room - used)
    text = plan.text(region, person)
    if plan.face is not None:
        lines = _lettered(canvas, text, person, plan.face) or ()
        canvas.letter_lines(text.x, text.y, lines, plan.face, palette.CREAM, palette.YELLOW)
    else:
        wrapped = _fitting(person, text.width, text.height)
        # The free row above the place is given up before the one below the head.
        y = text.y - (len(wrapped) > text.height and not (plan.roomy and person.place))
        for line in wrapped:
            canvas.write_spans(text.x, y, line, CREAM, YELLOW_BOLD)
            y += 1
    if person.place and plan.places:
        # One row stays free below it.
        foot = region.bottom - 2
        canvas.write(left, foot, "◉", Hand(tint))
        canvas.write(left + 2, foot, cut(person.place, room - 2), CREAM_BOLD, room - 2)


def _about(person: Card) -> bool:
    return bool(person.trade or person.slot_label)


def _card_name(canvas: Canvas, region: Region, name: str, *, large: bool) -> None:
    """The name beside the disc, as large as it fits, level with its middle."""
    for face in (JERSEY_10, TINY_5) if large else (TINY_5,):
        lines = paragraphs.set_lines((Span(name),), face, region.width, canvas.blocks)
        if lines and len(lines) == 1 and face.rows(canvas.blocks) <= region.height + 1:
            blank = (face.above - face.cap) // canvas.blocks.down
            high = -(-(face.cap + face.below) // canvas.blocks.down)
            y = region.y + (region.height - high + (1 if blank else 0)) // 2 - blank
            canvas.letter(region.x, y, name, face, palette.CREAM)
            return
    wrapped = wrap_text(name, region.width, 2)
    y = region.y + (region.height - len(wrapped)) // 2
    for i, line in enumerate(wrapped):
        canvas.write(region.x, y + i, line, CREAM_BOLD, region.width)


def _lettered(canvas: Canvas, text: Region, person: Card, face: Face) -> tuple[paragraphs.Line, ...] | None:
    """The reason in lettering, whole or in few words; `None` if neither fits."""
    if not person.reason:
        return ()
    most = (text.height * canvas.blocks.down - face.cap) // face.pitch + 1
    for spans in (person.reason, person.brief or person.reason):
        said = "".join(span.text for span in spans)
        if lettering.width(face, clean(said), canvas.blocks) > most * text.width:
            continue  # before anything is broken into lines: most faces end here
        lines = paragraphs.set_lines(spans, face, text.width, canvas.blocks)
        if lines and paragraphs.rows(lines, face, canvas.blocks) <= text.height:
            return lines
    return None


def _least(person: Card, room: int) -> int:
    """Rows that the shortest way of saying it takes."""
    return len(wrap(person.brief or person.reason, room))


def _fitting(person: Card, room: int, rows: int) -> list[list[Span]]:
    """Break into lines as much of the reason as fits: all, or without the other's side, or the brief one.

    Returns:
        At most `rows` lines, or one more: the free row above is given up before words are.
    """
    whole = wrap(person.reason, room)
    if person.for_them:
        theirs = wrap(person.for_them, room)
        for lines in ([*whole, [], *theirs], [*whole, *theirs]):
            if len(lines) <= rows:
                return lines
    if len(whole) <= rows + 1:
        return whole
    return wrap(person.brief or person.reason, room, rows + 1)


def _kindly(canvas: Canvas, region: Region, line: str) -> None:
    rows = min(region.height, 13)
    panel = Region(region.x, region.y, region.width, rows)
    canvas.fill(panel, palette.PANEL)
    canvas.rule(panel.x, panel.y, panel.width, palette.YELLOW)
    room = panel.width - 6
    for face in (JERSEY_15, JERSEY_10, TINY_5):
        lines = paragraphs.set_lines((Span(line),), face, room, canvas.blocks)
        high = paragraphs.rows(lines, face, canvas.blocks) if lines else rows
        if lines and high <= rows - 3:
            top = panel.y + 1 + (rows - 1 - high) // 2
            canvas.letter_lines(panel.x + 3, top, lines, face, palette.CREAM, palette.YELLOW)
            return
    wrapped = wrap_text(line, room)
    top = panel.y + 1 + max(0, (rows - 1 - len(wrapped)) // 2)
    for i, each in enumerate(wrapped):
        canvas.write(panel.x + 3, top + i, each, CREAM_BOLD, room)
