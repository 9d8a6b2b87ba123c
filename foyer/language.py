"""In which language the command speaks: that of whoever reads it, as the locale variables say."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from plumbing import words
from plumbing.words import Say

DOMAIN, LOCALE = "foyer", Path(__file__).parent / "locale"


def language(environment: Mapping[str, str]) -> str:
    """Return the reader's language as the locale variables say it; `en` where we do not speak it.

    Source: the order of the variables is that of the GNU gettext manual, section 2.3; `LANGUAGE`
    is a list in order of preference, and counts only where the locale itself is set.
    """
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environment[name] for name in names if environment.get(name)), "C")
    if locale.partition(".")[0] in {"C", "POSIX"}:
        return "en"
    spoken = words.languages(DOMAIN, LOCALE)
    for preferred in [*environment.get("LANGUAGE", "").split(":"), locale]:
        if preferred[:2].lower() in spoken:
            return preferred[:2].lower()
    return "en"


def speaker(code: str | None = None) -> Say:
    """Return what says a sentence in the language `code`; without one, in that of this terminal."""
    chosen = code if code in words.languages(DOMAIN, LOCALE) else language(os.environ)
    return words.words_of(DOMAIN, LOCALE, chosen).gettext


def tell(what: str, *, stream: TextIO | None = None) -> None:
    """Print a sentence in the language of this terminal, in letters it has; `stream` is standard output."""
    stream = sys.stdout if stream is None else stream
    text, encoding = words.said(what, speaker()), stream.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), file=stream, flush=True)
