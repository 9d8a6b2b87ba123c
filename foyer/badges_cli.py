"""The commands that make badges: `foyer badges …`."""

from pathlib import Path
from typing import Literal

from cyclopts import App

from foyer.files import hub_file
from foyer.language import tell
from plumbing.words import Sentence

badges_app = App(name="badges", help="What members tap with; badges that cannot be copied.")

READER = "pn532:/dev/foyer-reader"


@badges_app.command
def provision(
    *,
    member: str,
    reader: str = READER,
    level: Literal["sun", "mutual"] = "sun",
    hide_number: bool = False,
    baud: int = 115200,
    settings: Path | None = None,
) -> None:
    """Make a badge of a blank NTAG 424 DNA, and a member's; what was cut off goes on when given again.

    Args:
        member: Their id or whole name.
        reader: As in the kiosk's settings; the kiosk must not be using it.
        level: sun (a message that is never the same), or mutual (chip and kiosk ask each other).
        hide_number: Show a random number to everybody else, for ever: nobody can tell where the badge was.
        baud: The reader's speed.
        settings: The hub's settings file; /etc/foyer/hub.toml if there is one.
    """
    from community.proofs import Level
    from foyer.badges import provision as provision_badge

    provision_badge(hub_file(settings), member, reader, baud, Level(level), hide=hide_number)


@badges_app.command
def check(*, reader: str = READER, baud: int = 115200, settings: Path | None = None) -> None:
    """Say what a badge is, and whether it would be believed at the door.

    Args:
        reader: As in the kiosk's settings; the kiosk must not be using it.
        baud: The reader's speed.
        settings: The hub's settings file; /etc/foyer/hub.toml if there is one.
    """
    from foyer.badges import check as check_badge

    check_badge(hub_file(settings), reader, baud)


@badges_app.command
def keys(*, new: bool = False, settings: Path | None = None) -> None:
    """Say which versions of the space's badge secret there are; never the secret itself.

    Args:
        new: Make another version first: badges programmed from now on get it.
        settings: The hub's settings file; /etc/foyer/hub.toml if there is one.
    """
    from foyer.badges import keys as badge_keys

    badge_keys(hub_file(settings), another=new)


@badges_app.command
def labels(*, out: Path, member: str | None = None, settings: Path | None = None) -> None:
    """Print labels for badges: a name, the badge's code, and a QR code with an opaque number.

    Args:
        out: The file: .pdf, or .png with a number for each sheet beyond the first.
        member: A whole name or an id: labels for this member's badges only.
        settings: The hub's settings file; /etc/foyer/hub.toml if there is one.
    """
    from foyer.labels import print_labels

    for file in print_labels(hub_file(settings), out, member):
        tell(Sentence("{file}: labels for A4, 21 on a sheet", file=file))
