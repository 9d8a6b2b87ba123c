"""Show one state of a view in this terminal, standing still, until Ctrl-Q.

    python tests/terminal/one_view.py NAME LANGUAGE KEYS

Each key that a person pressed or touched becomes a line of the file KEYS.
"""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1] / "screens")]

import states  # noqa: E402 - found by the line above

from kiosk.ui.app import KioskApp  # noqa: E402 - same


def main() -> None:
    """Read the command line, and show."""
    name, language, keys = sys.argv[1:]
    view = states.EVERY_STATE[name][language]

    def pressed(key: str) -> None:
        with Path(keys).open("a", encoding="utf-8") as file:
            file.write(f"{key}\n")

    def ready() -> None:
        app.call_next(show)

    def show() -> None:
        app.show(view)
        for node in app.screen.walk_children():
            for timer in node._timers:
                timer.pause()

    app = KioskApp(on_key=pressed, on_ready=ready)
    app.animation_level = "none"
    app.run()


if __name__ == "__main__":
    main()
