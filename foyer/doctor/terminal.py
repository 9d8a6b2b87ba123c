"""Whether this terminal can draw the kiosk's screen."""

import os
from collections.abc import Mapping
from typing import TextIO

from foyer.doctor.findings import Finding, Say, notice, works

LEAST_COLUMNS, LEAST_LINES = 80, 24
"""From about this size on nothing is left out of the screens."""


def check(environment: Mapping[str, str], output: TextIO, say: Say) -> list[Finding]:
    """Say what the terminal behind `output` can do."""
    if not output.isatty():
        return [notice(say("The screen was not looked at: this is not a terminal."))]
    size = os.get_terminal_size(output.fileno())
    return [
        of_colours(environment, say),
        of_letters(output.encoding, say),
        of_size(size.columns, size.lines, say),
    ]


def of_colours(environment: Mapping[str, str], say: Say) -> Finding:
    """Say whether it promises true colours."""
    if environment.get("COLORTERM", "") in {"truecolor", "24bit"}:
        return works(say("The terminal shows all colours."))
    return notice(
        say("The terminal does not say that it shows all colours."),
        say("If it does, set COLORTERM=truecolor. The kiosk's own screen (foot) does."),
    )


def of_letters(encoding: str, say: Say) -> Finding:
    """Say whether letters of all languages come out right."""
    if encoding.lower().replace("-", "") == "utf8":
        return works(say("The terminal shows letters of all languages (UTF-8)."))
    return notice(
        say("The terminal shows only some letters ({encoding}).").format(encoding=encoding),
        say("Set LC_ALL=C.UTF-8."),
    )


def of_size(columns: int, lines: int, say: Say) -> Finding:
    """Say whether the screens fit."""
    size = f"{columns}×{lines}"
    if columns >= LEAST_COLUMNS and lines >= LEAST_LINES:
        return works(say("The terminal is large enough: {size}.").format(size=size))
    return notice(
        say("The terminal is small: {size}. The kiosk draws best from {least} on.").format(
            size=size, least=f"{LEAST_COLUMNS}×{LEAST_LINES}"
        ),
        say("Make the window larger or the letters smaller."),
    )
