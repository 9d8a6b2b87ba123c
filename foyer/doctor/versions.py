"""Which programs run here, and whether our packages' names are ours alone."""

import importlib.util
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from importlib.metadata import packages_distributions, version
from pathlib import Path

from foyer.doctor.findings import Finding, Say, broken, notice, works

OURS = "foyer-kiosk"
PACKAGES = ("community", "plumbing", "hardware", "firmware_bridge", "kiosk", "sync", "foyer")
"""Our own top-level packages."""

WAL_RESET_FIRST = (3, 7, 0)
WAL_RESET_LAST = (3, 51, 2)
"""SQLite versions with the WAL-reset bug: two connections that both checkpoint can lose a committed
write.  Source: sqlite.org, March 2026."""

MENDED = {(3, 44): 6, (3, 50): 7}
"""Older branches that got the repair, from this patch version on."""


def check(say: Say) -> list[Finding]:
    """Say what runs here."""
    found = [
        works(
            say("Foyer {foyer}, Python {python}, nfcpy {nfcpy}, Textual {textual}.").format(
                foyer=version(OURS),
                python=platform.python_version(),
                nfcpy=version("nfcpy"),
                textual=version("textual"),
            )
        ),
        works(
            say("{system}, kernel {kernel}, {machine}.").format(
                system=_system(), kernel=platform.release(), machine=platform.machine()
            )
        ),
        of_sqlite(sqlite3.sqlite_version_info, say),
    ]
    home = Path(__file__).parents[2]
    places = {name: _place(name) for name in PACKAGES}
    return found + of_names(packages_distributions(), places, home, say)


def of_sqlite(number: tuple[int, int, int], say: Say) -> Finding:
    """Say which SQLite this is, and calmly whether the WAL-reset bug is in it."""
    shown = ".".join(map(str, number))
    if not has_wal_reset_bug(number):
        return works(say("SQLite {version}.").format(version=shown))
    return notice(
        say(
            "SQLite {version} has a known fault: two connections that tidy up at once can lose a write. "
            "In Foyer one connection owns writes and checkpoints, so you are safe."
        ).format(version=shown),
        say("Nothing to do; only never change Foyer's database with another program while Foyer runs."),
    )


def has_wal_reset_bug(number: tuple[int, int, int]) -> bool:
    """Say whether this version of SQLite has the WAL-reset bug."""
    mended = MENDED.get(number[:2])
    return WAL_RESET_FIRST <= number <= WAL_RESET_LAST and (mended is None or number[2] < mended)


def of_names(
    owners: Mapping[str, Sequence[str]], places: Mapping[str, Path | None], home: Path, say: Say
) -> list[Finding]:
    """Say whether another distribution has put a package of the same name in our way.

    Args:
        owners: The distributions that own each top-level name, as far as is known.
        places: The folder each of our packages is imported from; `None` if there is none.
        home: The folder they should all be in.
        say: The reader's language.
    """
    found = []
    for name, place in places.items():
        others = sorted(set(owners.get(name, ())) - {OURS})
        if others:
            found.append(_shadowed(name, OURS, others, say))
        elif place is None and name != "firmware_bridge":
            found.append(
                broken(
                    say("The package {name} of Foyer is missing.").format(name=name),
                    say("Install Foyer again."),
                )
            )
        elif place is not None and place.parent != home:
            found.append(
                broken(
                    say("The package {name} is taken from {place}, not from Foyer.").format(
                        name=name, place=place
                    ),
                    say(
                        "Start Foyer from another folder, unset PYTHONPATH, "
                        "and install it in a virtual environment of its own."
                    ),
                )
            )
    others = sorted(set(owners.get("ndef", ())) - {"ndeflib"})
    if others:
        found.append(_shadowed("ndef", "ndeflib", others, say))
    return found or [works(say("Every package's name belongs to Foyer alone."))]


def _shadowed(name: str, owner: str, others: Sequence[str], say: Say) -> Finding:
    return broken(
        say("The name {name} belongs to {owner}, but this is installed under it too: {others}.").format(
            name=name, owner=owner, others=", ".join(others)
        ),
        say("Run: pip uninstall {others} && pip install --force-reinstall --no-deps {owner}").format(
            others=" ".join(others), owner=owner
        ),
    )


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.system()


def _place(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return None if spec is None or spec.origin is None else Path(spec.origin).parent
