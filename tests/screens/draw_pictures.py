"""Draw every view in every state: PNG files for people, text files for tests.

    python tests/screens/draw_pictures.py docs/pictures

writes the gallery (every state at three grids in two languages), the pictures of
the README, and the text snapshots in `tests/screens/snapshots`; whatever still
shows what it did is left as it is.  With `--all` it writes PNGs of the samples at
every size into a folder instead, for looking at; `--only` limits either to some
states by name.
"""

import argparse
import asyncio
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import drawing
import samples
import states
from PIL import Image
from textual.strip import Strip

from kiosk.core.aside import Aside
from kiosk.core.pieces import Attention
from kiosk.core.views import View
from kiosk.ui import palette

DOOR = Aside(
    title="À la porte",
    ring=("#f2a541", "#dc963b", "#c28434", "#a5702c", "#845a23", "#5c3f18", "#2a1d0b") + (palette.NIGHT,) * 9,
    distance_line="quelqu’un à 80 cm",
    distance_cm=80,
    farthest_cm=300,
    near_cm=120,
    keys=("↑ ↓ approcher, reculer", "F5 F6 F7 boutons", "F8 passer le faisceau"),
)
"""What `foyer demo --door` draws beside the kiosk."""

LANGUAGE_NAMES = {"fr": "French", "en": "English"}


def print_if_changed(rows: list[Strip], width: int, path: Path, cell: tuple[int, int]) -> None:
    """Write a picture, unless the one that is there shows the same cells."""
    digest = drawing.digest(drawing.snapshot(rows))
    if path.exists():
        with Image.open(path) as there:
            if there.info.get(drawing.DRAWN) == digest:
                return
    path.parent.mkdir(parents=True, exist_ok=True)
    drawing.save(rows, width, path, cell, {drawing.DRAWN: digest})


async def draw_gallery(folder: Path, snapshots: Path, names: list[str]) -> None:
    """Draw every state at the gallery's grids, as a picture and as text."""
    for (columns, rows), cell in states.GRIDS.items():
        async with drawing.standing((columns, rows)) as stand:
            for name, versions in states.EVERY_STATE.items():
                if names and name not in names:
                    continue
                for language, view in versions.items():
                    drawn = await stand.show(view)
                    place = f"{columns}x{rows}/{language}/{states.file_name(name)}"
                    print_if_changed(drawn, columns, folder / f"{place}.png", cell)
                    file = snapshots / f"{place}.txt"
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_text(drawing.snapshot(drawn), encoding="utf-8")
    if not names:
        _sweep(folder, "*x*/*/*.png")
        _sweep(snapshots, "*x*/*/*.txt")


def _sweep(folder: Path, pattern: str) -> None:
    """Remove what shows a state that is no more."""
    kept = {states.file_name(name) for name in states.EVERY_STATE}
    for file in folder.glob(pattern):
        if file.stem not in kept:
            file.unlink()


async def draw_readme(folder: Path) -> None:
    """Draw the pictures that stand in the README and in pages beside the gallery."""
    awake = replace(samples.LOBBY["fr"], attention=Attention.AWAKE)
    pictures: tuple[tuple[str, View, tuple[int, int], Aside | None], ...] = (
        ("greeting", samples.GREETING["fr"], (120, 33), None),
        ("lobby", samples.LOBBY["fr"], (120, 33), None),
        ("door", awake, (150, 33), DOOR),
    )
    for name, view, size, aside in pictures:
        async with drawing.standing(size) as stand:
            print_if_changed(await stand.show(view, aside), size[0], folder / f"{name}.png", (16, 32))


async def draw_all(folder: Path, names: list[str]) -> None:
    """Draw PNGs of the states at every size, for looking at."""
    for columns, rows in samples.SIZES:
        async with drawing.standing((columns, rows)) as stand:
            for name, versions in states.EVERY_STATE.items():
                if names and name not in names:
                    continue
                for language, view in versions.items():
                    path = folder / f"{name}-{language}-{columns}x{rows}.png"
                    drawing.save(await stand.show(view), columns, path, (16, 32), {})


def gallery() -> str:
    """Return the gallery's page."""
    lines = [
        "# Pictures of the screen",
        "",
        "All people, places and texts in them are invented. Every view is here in every state that looks",
        "different, in both languages, as three screens show it: a touch panel of 80x25 cells, and a screen",
        "of 1920x1080 pixels divided into 120x33 or 160x45. `make pictures` draws them and this page,",
        "without a display, as the terminal foot draws them; a test fails when a view no longer looks like",
        "its picture. `door.png` is the lobby, awake, and the door beside it in `foyer demo --door`.",
        "`wiring.svg`, where each wire of the door goes, is drawn by hand; a test holds it to the firmware's",
        "own pins.",
    ]
    for name in states.EVERY_STATE:
        lines += ["", f"## {name.replace('_', ' ').capitalize()}", "", states.sentence(name), ""]
        lines += ["| " + " | ".join(["", *(LANGUAGE_NAMES[code] for code in states.LANGUAGES)]) + " |"]
        lines += ["|" + "---|" * (1 + len(states.LANGUAGES))]
        for columns, rows in states.GRIDS:
            cells = [f"{columns}x{rows}"]
            for code in states.LANGUAGES:
                place = f"{columns}x{rows}/{code}/{states.file_name(name)}.png"
                cells.append(f"[![{name} in {LANGUAGE_NAMES[code]}, {columns}x{rows}]({place})]({place})")
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])


async def draw(folder: Path, names: list[str]) -> None:
    """Draw the gallery, its page, and the pictures of the README."""
    await draw_gallery(folder, drawing.SNAPSHOTS, names)
    if not names:
        await draw_readme(folder)
        (folder / "README.md").write_text(gallery(), encoding="utf-8")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true", dest="everything")
    parser.add_argument("--only", nargs="*", default=[], dest="names")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    drawer = draw_all if arguments.everything else draw
    asyncio.run(drawer(arguments.folder, arguments.names))


if __name__ == "__main__":
    main()
