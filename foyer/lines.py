"""Lines of an answer, printed in the language of the terminal."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from community.introductions.reasons import Reason
from foyer import language
from plumbing import words
from plumbing.words import Say, Words
from sync.dashboard import rendering
from sync.dashboard.reasons import why


@dataclass(frozen=True, slots=True)
class Because:
    """A reason in the words of the dashboard, which hosts know it by."""

    reason: Reason
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the answer."""

    sentence: str
    indent: int = 0
    because: Because | None = None
    """Follows the sentence."""


def written(line: Line, say: Say, code: str, hub: Words) -> str:
    """Return a line as it is printed.

    Args:
        line: What to say.
        say: Of the command's catalogue.
        code: The reader's language, two letters.
        hub: Of the dashboard's catalogue, in the same language.
    """
    text = words.said(line.sentence, say)
    if line.because is not None:
        text = f"{text} {why(hub, code, line.because.reason, line.because.one, line.because.other)}"
    return "  " * line.indent + text


def tell_all(lines: Sequence[Line]) -> None:
    """Print lines in the language of this terminal."""
    code = language.language(os.environ)
    say, hub = language.speaker(code), words.words_of("hub", rendering.LOCALE, code)
    for line in lines:
        language.tell(written(line, say, code, hub))
