"""Draw the sample views as PNG files.

    python tests/screens/draw_pictures.py docs/pictures

writes the pictures of the documentation (French, 120x33).  With `--all` it
writes every view in both languages at every size instead, for looking at.
"""

import argparse
import asyncio
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import samples

from kiosk.core.aside import Aside
from kiosk.core.pieces import Attention
from kiosk.core.views import View
from kiosk.ui import palette, picture
from kiosk.ui.app import KioskApp

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


async def draw(view: View, size: tuple[int, int], path: Path, aside: Aside | None = None) -> None:
    """Show one view in an app without a terminal and save what it shows."""
    app = KioskApp(on_key=lambda _key: None)
    async with app.run_test(size=size) as pilot:
        app.show(view)
        if aside is not None:
            app.aside_is(aside)
        await pilot.pause()
        picture.save(app, path)


async def draw_all(folder: Path, names: list[str], *, everything: bool) -> None:
    """Draw the pictures of the documentation, or everything there is."""
    if not everything:
        await draw(samples.GREETING["fr"], (120, 33), folder / "greeting.png")
        await draw(samples.LOBBY["fr"], (120, 33), folder / "lobby.png")
        awake = replace(samples.LOBBY["fr"], attention=Attention.AWAKE)
        await draw(awake, (150, 33), folder / "door.png", DOOR)
        return
    for name, versions in samples.EVERY_VIEW.items():
        if names and name not in names:
            continue
        for language, view in versions.items():
            for columns, rows in samples.SIZES:
                await draw(view, (columns, rows), folder / f"{name}-{language}-{columns}x{rows}.png")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true", dest="everything")
    parser.add_argument("--only", nargs="*", default=[], dest="names")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(draw_all(arguments.folder, arguments.names, everything=arguments.everything))


if __name__ == "__main__":
    main()
