"""Which passwords many people would choose: those are tried first by whoever guesses.

The list is vendored (`common_passwords.txt`, with its sources and licences) and read at the first use.
"""

import re
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("common_passwords.txt")

FEWEST_KINDS = 4
"""Different characters a password has at least: `aaaaaaaaaa` and `1212121212` are on every list."""

LOGINS_SHARE = 2
"""A login may not make up half of its password or more: `camille2026`."""

_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def is_common(password: str, login: str) -> bool:
    """Say whether a password is among the first that would be tried.

    Args:
        password: As typed; capitals make no difference.
        login: Of the account, in any case.
    """
    typed, name = password.casefold(), login.strip().casefold()
    if len(set(typed)) < FEWEST_KINDS:
        return True
    if name and name in typed and len(name) * LOGINS_SHARE >= len(typed):
        return True
    return typed in _listed() or _AROUND.sub("", typed) in _listed()


@cache
def _listed() -> frozenset[str]:
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
