"""What newcomers are written: three texts in every language, ours until a host writes their own.

Pure.  A text is checked when it is kept, so that no letter ever goes out with a hole in it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

LONGEST_SUBJECT = 120
"""Characters: what a list of mails shows of one."""

LONGEST_BODY = 2_000
"""Characters: what an address that opens a mail program can carry in every language."""


class Message(Enum):
    """What a newcomer is written, in the order in which it comes."""

    FIRST_DAY = "first-day"
    NO_RETURN = "no-return"
    """They came once or twice, and not for two weeks."""
    ONE_MONTH = "one-month"


@dataclass(frozen=True, slots=True)
class Text:
    """A subject and what stands under it; `{name}` and `{space}` are filled in."""

    subject: str
    body: str


class Fault(Enum):
    """Why a text is not kept."""

    EMPTY = "empty"
    LONG = "long"
    BRACE = "brace"
    """A bracket `{` or `}` without its other."""
    UNKNOWN = "unknown"
    """A word in brackets that is none of ours."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a text."""

    fault: Fault
    word: str = ""
    """What stands in the brackets, if that is it."""


PLACEHOLDERS = ("name", "space")
"""What can be filled in: their first name, and what the place is called."""

Texts = Mapping[tuple[Message, str], Text]
"""Each message by its language."""

_HOLE = re.compile(r"\{([^{}]*)\}")


def wrong_with(text: Text) -> Wrong | None:
    """Return the first thing that is wrong with a text, or `None`."""
    if not text.subject.strip() or not text.body.strip():
        return Wrong(Fault.EMPTY)
    if len(text.subject) > LONGEST_SUBJECT or len(text.body) > LONGEST_BODY or "\n" in text.subject.strip():
        return Wrong(Fault.LONG)
    for part in (text.subject, text.body):
        for word in _HOLE.findall(part):
            if word not in PLACEHOLDERS:
                return Wrong(Fault.UNKNOWN, word[:LONGEST_SUBJECT])
        if "{" in _HOLE.sub("", part) or "}" in _HOLE.sub("", part):
            return Wrong(Fault.BRACE)
    return None


def filled(text: Text, name: str, space: str) -> Text:
    """Return a text that has nothing wrong with it as somebody reads it.

    Args:
        text: With its placeholders.
        name: The member's; the first word of it is filled in, as it stands, whatever brackets are in it.
        space: What the place is called.
    """
    words = {"name": (name.split() or [""])[0], "space": space}

    def fill(part: str) -> str:
        return _HOLE.sub(lambda hole: words[hole[1]], part).strip()

    return Text(fill(text.subject), fill(text.body))
