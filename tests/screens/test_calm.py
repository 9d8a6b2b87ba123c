"""A lobby with nobody and nothing to show says something kind, at every size."""

from dataclasses import replace

import pytest

from tests.screens import samples

LINE = "Matin calme : la première personne qui arrive ouvre la journée."


@pytest.mark.parametrize("size", samples.SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_an_empty_lobby_says_something_kind(stage, size):
    view = replace(
        samples.LOBBY["fr"],
        names=(),
        others_line="",
        looking_for=(),
        looking_for_title="",
        looking_for_title_secondary="",
        tables=(),
        calm_line=LINE,
        calm_line_secondary="A quiet morning.",
    )
    async with stage(size) as on:
        await on.show(view)
        shown = " ".join(" ".join(on.rows()).split())
        read = " ".join(on.words().split())
        assert "Matin calme" in shown + read
        assert LINE.rsplit(maxsplit=1)[-1] in shown + read
