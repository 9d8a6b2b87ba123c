"""What is asked of the process that sends, and what it answers.

Pure.  Both travel between two processes of the same program, by standard input and output.
"""

import msgspec

from sync.store.tries import Outcome


class Message(msgspec.Struct, frozen=True):
    """One notice in words."""

    id: int
    """By which the answer says which it is about."""
    address: str
    """Where to.  A secret: it is never shown, logged or seen in a list of processes."""
    title: str
    body: str
    key: str = ""
    """The same for every try of one notice, for services that can tell by it that they have it already."""

    def __repr__(self) -> str:  # type: ignore[explicit-override]  # `typing` has no override before 3.12
        """Say which, never where to nor what."""
        return f"Message({self.id})"


class Batch(msgspec.Struct, frozen=True):
    """Notices sent by one process, all at once."""

    messages: tuple[Message, ...]
    outward: bool
    """Whether no line may be opened to a computer in this house: somebody else than an administrator gave
    these addresses."""


class Told(msgspec.Struct, frozen=True):
    """What came of one of them."""

    id: int
    outcome: Outcome
