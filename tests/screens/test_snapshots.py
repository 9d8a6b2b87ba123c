"""Every view in every state looks as it did: as text that a diff can show, and as a picture for people."""

import re
import tomllib
from difflib import unified_diff
from hashlib import sha256

import draw_pictures
import drawing
import pytest
import samples
import states
from PIL import Image, ImageChops, ImageStat

from kiosk.ui.picture import NO_CHARACTER, Press, printed

RUN = "run `make pictures`, look at what it drew, and commit it"

GRIDS = list(states.GRIDS)


def pages(grid, language):
    """The states of a grid and a language, with where they are kept, without an ending."""
    for name, versions in states.EVERY_STATE.items():
        yield f"{grid[0]}x{grid[1]}/{language}/{states.file_name(name)}", versions[language]


@pytest.mark.parametrize("language", states.LANGUAGES)
@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: f"{grid[0]}x{grid[1]}")
async def test_every_state_looks_as_its_snapshot_says(grid, language):
    async with drawing.standing(grid) as stand:
        for place, view in pages(grid, language):
            file = drawing.SNAPSHOTS / f"{place}.txt"
            assert file.exists(), f"{place} has no snapshot: {RUN}"
            kept, now = file.read_text(encoding="utf-8"), drawing.snapshot(await stand.show(view))
            if kept != now:
                changes = unified_diff(
                    kept.splitlines(), now.splitlines(), "snapshot", "now", lineterm="", n=0
                )
                pytest.fail("\n".join([f"{place} looks different: {RUN}", *changes]))


@pytest.mark.parametrize("language", states.LANGUAGES)
@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: f"{grid[0]}x{grid[1]}")
def test_every_picture_shows_the_cells_of_its_snapshot(grid, language):
    for place, _view in pages(grid, language):
        with Image.open(drawing.PICTURES / f"{place}.png") as image:
            drawn = image.info.get(drawing.DRAWN)
            cell = states.GRIDS[grid]
            assert image.size == (grid[0] * cell[0], grid[1] * cell[1])
        kept = (drawing.SNAPSHOTS / f"{place}.txt").read_text(encoding="utf-8")
        assert drawn == drawing.digest(kept), f"{place}.png is stale: {RUN}"


def test_nothing_is_kept_of_states_that_are_no_more():
    here = {place for grid in GRIDS for language in states.LANGUAGES for place, _ in pages(grid, language)}
    for folder, ending in ((drawing.SNAPSHOTS, "txt"), (drawing.PICTURES, "png")):
        kept = {
            file.relative_to(folder).with_suffix("").as_posix() for file in folder.glob(f"*x*/*/*.{ending}")
        }
        assert kept == here, RUN


async def test_the_pictures_of_the_readme_are_of_today(tmp_path):
    await draw_pictures.draw_readme(tmp_path)
    drawn = {file.name for file in tmp_path.iterdir()}
    assert drawn == {file.name for file in drawing.PICTURES.glob("*.png")}
    for name in drawn:
        with Image.open(tmp_path / name) as now, Image.open(drawing.PICTURES / name) as kept:
            assert kept.info[drawing.DRAWN] == now.info[drawing.DRAWN], f"{name} is stale: {RUN}"


def test_the_gallery_s_page_is_of_today():
    assert (drawing.PICTURES / "README.md").read_text(encoding="utf-8") == draw_pictures.gallery(), RUN


@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: f"{grid[0]}x{grid[1]}")
async def test_the_same_cells_are_printed_as_they_were(grid):
    """A rasteriser or a font that draws in another way is seen too, whatever the digests say."""
    async with drawing.standing(grid) as stand:
        rows = await stand.show(samples.GREETING["fr"])
    now = printed(rows, grid[0], Press(*states.GRIDS[grid], drawing.OUR_FONTS))
    with Image.open(drawing.PICTURES / f"{grid[0]}x{grid[1]}/fr/greeting.png") as kept:
        away = ImageStat.Stat(ImageChops.difference(now, kept.convert("RGB"))).mean
    assert max(away) < 0.05, f"printed in another way: raise drawing.PRINTED and {RUN}"


async def test_whatever_is_drawn_twice_is_the_same():
    """No clock, no chance: else a picture would be stale as soon as it is drawn."""
    async with drawing.standing((120, 33)) as stand:
        for view in (samples.OWN_CARD["fr"], samples.LOBBY["fr"], samples.GREETING["en"]):
            first = drawing.snapshot(await stand.show(view))
            await stand.show(samples.TROUBLE["fr"])
            assert drawing.snapshot(await stand.show(view)) == first


async def test_another_colour_or_another_letter_is_another_snapshot():
    async with drawing.standing((80, 25)) as stand:
        first = drawing.snapshot(await stand.show(samples.FAREWELL["fr"]))
        other = drawing.snapshot(await stand.show(samples.FAREWELL["en"]))
        assert first != other
        assert drawing.digest(first) != drawing.digest(other)
        assert "Sortie notée" in first
        recoloured = re.sub(r"#[0-9a-f]{6}", "#123456", first, count=1)
        assert drawing.digest(first) != drawing.digest(recoloured)


async def test_the_fonts_have_every_character_that_the_views_write_plainly():
    fonts = Press(fonts=drawing.OUR_FONTS)
    from kiosk.ui import picture
    from kiosk.ui.blocks import dots_of

    written = set()
    async with drawing.standing((120, 33)) as stand:
        for versions in states.EVERY_STATE.values():
            for view in versions.values():
                written |= {glyph for row in await stand.show(view) for glyph in row.text}
    plain = {glyph for glyph in written if glyph.strip() and dots_of(glyph) is None}
    assert NO_CHARACTER not in plain
    lacking = [
        glyph
        for glyph in sorted(plain)
        if not picture._has(picture._font_with(glyph, fonts, bold=True, italic=False), glyph)
    ]
    assert lacking == []


def test_the_fonts_are_those_whose_origin_is_written_down():
    vendor = tomllib.loads((drawing.FONTS / "VENDOR.toml").read_text(encoding="utf-8"))
    kept = {font["file"]: font["sha256"] for font in vendor["font"]}
    here = {file.name: sha256(file.read_bytes()).hexdigest() for file in drawing.FONTS.glob("*.ttf")}
    assert kept == here
    assert all((drawing.FONTS / font["licence_file"]).exists() for font in vendor["font"])
