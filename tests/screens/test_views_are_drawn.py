"""Every view, in both languages, at every size: what matters is there, and nothing leaves its row."""

import pytest
import samples
from rich.cells import cell_len

from kiosk.core.pieces import Card, Choice, Invitation
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
from kiosk.ui.widgets.paged import PagedBoard

EVERYTHING = [
    pytest.param(view, size, id=f"{name}-{language}-{size[0]}x{size[1]}")
    for name, versions in samples.EVERY_VIEW.items()
    for language, view in versions.items()
    for size in samples.SIZES
]


WITH_A_CODE = 120
"""Columns from which there is room for a QR code beside three cards."""


async def words_of(on):
    """Everything legible in a view, on all its pages."""
    board = on.app.kiosk_screen.board
    words = on.words()
    if isinstance(board, PagedBoard) and board.size.width >= 80:
        for _page in range(1, board.pages(board.view)):
            board.turn()
            await on.pilot.pause()
            words += f" {on.words()}"
        board.turn()
    return words


def is_told(card: Card, words: str) -> bool:
    """Say whether a card's reason can be read, whole or in few words."""
    ways = ("".join(span.text for span in spans) for spans in (card.reason, card.brief or card.reason))
    return any(" ".join(way.split()) in words for way in ways)


def offered(table: Invitation | None, question: str, columns: int) -> list[str]:
    """A table takes the first question's place, but on the largest screen."""
    if table is None:
        return [question]
    return [table.line, table.label, *([question] if columns >= 160 else [])]


def must_be_read(view: View, columns: int) -> list[str]:  # noqa: C901 - one case a view
    """The strings that matter most in a view; on 40x12 only the ones nobody can do without."""
    roomy = columns >= 80
    match view:
        case Lobby():
            said = [view.present_line, view.tap_title, view.tap_line, view.others_line]
            said += [chip.name for chip in view.names]
            said += [view.trouble.line] if view.trouble else []
            said += [view.forgotten.label] if view.forgotten and roomy else []
            said += [view.guest.label] if view.guest and columns >= 120 else []
            said += [view.offering_title, view.offering[0]] if view.offering and roomy else []
            said += (
                [view.moments_title, view.moments[0].at, view.moments[0].title]
                if view.moments and roomy
                else []
            )
            if view.tables and roomy:
                return [*said, view.clock, view.date, view.tables[0].line, view.tables[0].who]
            return said + (
                [view.clock, view.date, view.looking_for_title, view.looking_for[0]] if roomy else []
            )
        case Greeting():
            said = [view.headline, view.noted, view.empty_line]
            said += [view.small.line] if view.small and roomy else []
            said += (
                [view.occasion, *offered(view.table, view.question, columns)]
                if roomy and not view.large
                else []
            )
            said += [view.subtitle] if roomy and not view.large else []
            said += [view.own_page_line] if columns >= WITH_A_CODE else []
            said += [choice.label for choice in view.moods] if roomy else []
            return said + people(view.cards, roomy=roomy)
        case OwnCard():
            said = [view.headline, view.leave_line]
            said += [view.since_line, view.visitor_line or view.subtitle] if roomy and not view.large else []
            said += [view.visitor_line]
            said += offered(view.table, view.question, columns) if roomy else []
            said += [view.own_page_line] if columns >= WITH_A_CODE else []
            said += [choice.label for choice in view.moods] if roomy else []
            return said + people(view.cards, roomy=roomy)
        case Farewell():
            answers = [choice.label for choice in view.answers]
            return [view.headline, view.line, view.question, *answers, view.undo_line]
        case MetNotice():
            return [view.first.name, view.second.name, view.line, view.line_secondary, view.undo_line]
        case UnknownBadge():
            return [view.headline, view.headline_secondary, view.code, *view.lines, *view.lines_secondary]
        case RandomBadge(forgotten=Choice(label=label)):
            return [view.headline, view.headline_secondary, *view.lines, label]
        case RandomBadge() | RefusedBadge() | GuestNotice() | HoldStill():
            return [view.headline, view.headline_secondary, *view.lines]
        case Typing():
            keys = [choice.label for row in view.rows for choice in row] if roomy else []
            typed = " ".join(view.typed) if view.typed.startswith("●") and roomy else view.typed
            second = [view.headline_secondary, view.line_secondary] if roomy else []
            return [view.headline, view.line, f"{typed}▏", *keys, *second]
        case HostPage():
            rows = [part for row in view.rows for part in (row.title, row.detail)] if roomy else []
            return [view.headline, view.line, *rows, *(each.label for each in view.choices if roomy)]
        case TroubleScreen():
            return [view.headline, view.what, view.what_to_do, view.what_to_do_secondary]


def people(cards: tuple[Card, ...], *, roomy: bool) -> list[str]:
    names = [card.name for card in cards]
    return names + [card.trade for card in cards] if roomy else names


@pytest.mark.parametrize(("view", "size"), EVERYTHING)
async def test_every_view_shows_what_matters_at_every_size(stage, view, size):
    async with stage(size) as on:
        await on.show(view)
        words = await words_of(on)
        for needed in must_be_read(view, size[0]):
            assert " ".join(needed.split()) in words
        if isinstance(view, Greeting | OwnCard) and size[0] >= 80:
            assert all(is_told(card, words) for card in view.cards)
        rows = on.rows()
        assert len(rows) == size[1]
        assert {cell_len(row) for row in rows} == {size[0]}


STRANGE_NAMES = {
    "one letter": "Z",
    "forty letters": "Maximilienne-Alexandrine de la Rochefouc",
    "one long word": "Wolfeschlegelsteinhausenbergerdorffwelch",
    "Arabic": "فاطمة الزهراء",
    "Chinese": "欧阳娜娜",
    "combining accents": "Le\u0301a Zoe\u0308 N\u0303in\u0303o\u0301",
    "a tower of accents": "L" + "\u0301" * 40 + "éa",
    "emoji": "Léa \U0001f469\u200d\U0001f4bb \U0001f1eb\U0001f1f7 ✔\ufe0f",
    "control characters": "Lé\x1b[31ma\r\n\x07",
    "right to left override": "\u202eaéL",
    "nothing": "",
}


@pytest.mark.parametrize("size", samples.SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", STRANGE_NAMES.values(), ids=STRANGE_NAMES)
async def test_no_name_breaks_a_row(stage, name, size):
    from dataclasses import replace

    from kiosk.core.initials import initial_of
    from kiosk.core.views import Chip

    chip = Chip(name, initial_of(name), 3)
    card = replace(samples.CARDS["fr"][0], name=name, initial=initial_of(name), place=name, trade=name)
    views = (
        replace(samples.LOBBY["fr"], names=(chip,) * 4, others_line=name, looking_for=(name,)),
        replace(samples.GREETING["fr"], headline=f"Bonjour {name}", cards=(card,) * 3),
        replace(samples.OWN_CARD["fr"], headline=name, cards=(card,)),
        replace(samples.FAREWELL["fr"], headline=f"À bientôt {name}"),
        replace(samples.MET["fr"], first=chip, second=chip),
    )
    async with stage(size) as on:
        for view in views:
            await on.show(view)
            rows = on.rows()
            assert {sum(map(cell_len, row)) for row in rows} == {size[0]}
            assert not any(control in row for row in rows for control in "\x1b\r\n\x07\u202e\u200d")


async def test_a_forty_letter_name_is_whole_in_a_greeting(stage):
    name = STRANGE_NAMES["forty letters"]
    async with stage((120, 33)) as on:
        await on.show(
            Greeting(headline=f"Bonjour {name}", noted="Entrée notée, 9 h 42", subtitle="", language="fr")
        )
        assert f"Bonjour {name}" in on.words()


async def test_a_name_no_pixel_font_has_is_written_in_plain_text(stage):
    async with stage((120, 33)) as on:
        await on.show(Greeting(headline="你好 欧阳娜娜", noted="9:42", subtitle="", language="zh"))
        assert any("欧阳娜娜" in row for row in on.rows())


async def test_another_size_is_drawn_anew(stage):
    async with stage((120, 33)) as on:
        await on.show(samples.GREETING["fr"])
        large = on.rows()
        await on.pilot.resize_terminal(80, 25)
        await on.pilot.pause()
        assert {cell_len(row) for row in on.rows()} == {80}
        assert "Bonjour Léa" in on.words()
        assert large != on.rows()


async def test_more_names_than_fit_are_counted(stage):
    from dataclasses import replace

    from kiosk.core.views import Chip

    crowd = tuple(Chip(f"Personne{i}", "P", i % 7) for i in range(60))
    async with stage((80, 25)) as on:
        await on.show(replace(samples.LOBBY["fr"], names=crowd))
        shown = sum(f"Personne{i}" in on.words().split() for i in range(60))
        assert 0 < shown < 60
        assert f"+{60 - shown}" in on.words()


async def test_a_card_without_place_trade_or_reason_is_drawn(stage):
    bare = Card(name="Léa", initial="L", tint=2, trade="", slot_label="", reason=())
    async with stage((120, 33)) as on:
        await on.show(Greeting(headline="Bonjour", noted="noté", subtitle="", cards=(bare,), language="fr"))
        assert "Léa" in on.words()


async def test_a_tint_out_of_range_is_still_a_colour(stage):
    from dataclasses import replace

    async with stage((120, 33)) as on:
        await on.show(replace(samples.FAREWELL["fr"], tint=99))
        assert "À bientôt Léa" in on.words()
