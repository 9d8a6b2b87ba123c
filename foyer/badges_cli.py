"""The commands that make badges: `foyer badges …`."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

badges_app = App(name="badges", help="What members tap with; badges that cannot be copied.")

HUB_FILE = Path("/etc/foyer/hub.toml")
READER = "pn532:/dev/foyer-reader"


@badges_app.command
def provision(
    *,
    member: str,
    reader: str = READER,
    level: Literal["sun", "mutual"] = "sun",
    hide_number: bool = False,
    baud: int = 115200,
    settings: Annotated[Path, Parameter(show_default=True)] = HUB_FILE,
) -> None:
    """Make a badge of a blank NTAG 424 DNA, and a member's; what was cut off goes on when given again.

    Args:
        member: Their id or whole name.
        reader: As in the kiosk's settings; the kiosk must not be using it.
        level: sun (a message that is never the same), or mutual (chip and kiosk ask each other).
        hide_number: Show a random number to everybody else, for ever: nobody can tell where the badge was.
        baud: The reader's speed.
        settings: The hub's settings file.
    """
    from community.proofs import Level
    from foyer.badges import provision as provision_badge

    provision_badge(settings, member, reader, baud, Level(level), hide=hide_number)


@badges_app.command
def check(*, reader: str = READER, baud: int = 115200, settings: Path = HUB_FILE) -> None:
    """Say what a badge is, and whether it would be believed at the door.

    Args:
        reader: As in the kiosk's settings; the kiosk must not be using it.
        baud: The reader's speed.
        settings: The hub's settings file.
    """
    from foyer.badges import check as check_badge

    check_badge(settings, reader, baud)


@badges_app.command
def keys(*, new: bool = False, settings: Path = HUB_FILE) -> None:
    """Say which versions of the space's badge secret there are; never the secret itself.

    Args:
        new: Make another version first: badges programmed from now on get it.
        settings: The hub's settings file.
    """
    from foyer.badges import keys as badge_keys

    badge_keys(settings, another=new)
