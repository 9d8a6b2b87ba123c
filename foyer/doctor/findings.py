"""What a check returns: findings, in the reader's language.

A check takes `say`, which turns an English sentence into the reader's; the blanks in braces are
filled afterwards.  Never a name, a badge's number or a secret in any of them.
"""

from dataclasses import dataclass
from enum import Enum

from plumbing import words

Say = words.Say
"""Returns a sentence in the reader's language."""


class Level(Enum):
    """How a finding is meant; the value is the sign before it."""

    WORKS = "✓"
    NOTICE = "!"
    """Worth knowing; nothing is broken."""
    BROKEN = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    level: Level
    what: str
    """One sentence."""
    cure: str = ""
    """What to do, one line; empty where nothing has to be done."""


def works(what: str) -> Finding:
    """Return a finding that something is as it should be."""
    return Finding(Level.WORKS, what)


def notice(what: str, cure: str = "") -> Finding:
    """Return a finding that is worth knowing."""
    return Finding(Level.NOTICE, what, cure)


def broken(what: str, cure: str) -> Finding:
    """Return a finding that something does not work, and what to do."""
    return Finding(Level.BROKEN, what, cure)
