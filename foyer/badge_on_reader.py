"""Do something with a badge that lies on a reader, from the command line.

The work is done in the reader's thread while the badge lies there; whatever is cut off begins again when it
is laid there again.
"""

import queue
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from foyer.errors import UsageError
from foyer.language import tell
from hardware.errors import CardLifted, HardwareError, ReaderGone
from hardware.reader import BadgeReader, ReaderLost, ReaderReady, ReaderState, Tap, Transmit
from hardware.uid import Uid
from kiosk.readers import reader_of
from kiosk.settings import ReaderSettings
from plumbing.errors import WrongValueError
from plumbing.words import Sentence

WAIT_S = 120.0
"""Seconds for which a badge is waited for."""

Done = TypeVar("Done")


def at_the_reader(device: str, baud: int, asked: Sentence, work: Callable[[Uid, Transmit], Done]) -> Done:
    """Do something with the first card laid on a reader; one that takes no commands says that it knows none.

    Args:
        device: As in the kiosk's settings.
        baud: Its speed.
        asked: What to ask for, once the reader is ready.
        work: Run in the reader's thread, again from its beginning each time the card was lifted too soon.

    Raises:
        UsageError: There is no such reader, no card came, or the card said no.
    """
    doing = _Work(work)
    reader = _reader(device, baud, doing)
    deadline_s = time.monotonic() + WAIT_S
    reader.start()
    try:
        while True:
            try:
                answer = doing.answers.get(timeout=max(0.0, deadline_s - time.monotonic()))
            except queue.Empty as empty:
                raise UsageError(Sentence("no badge was laid on the reader; try again")) from empty
            match answer:
                case None:
                    tell(Sentence("The badge was lifted too soon: lay it on the reader again."))
                case ReaderReady():
                    tell(asked)
                case ReaderLost(sentence=sentence):
                    raise UsageError(sentence)
                case HardwareError():
                    raise UsageError(str(answer)) from answer
                case Tap(uid=uid):
                    return work(uid, _nothing_known)
                case _:
                    return answer
    finally:
        reader.stop()


class _Work(Generic[Done]):
    """What is done with the badge on the reader; answers through a queue, from the reader's thread."""

    def __init__(self, work: Callable[[Uid, Transmit], Done]) -> None:
        self._work = work
        self.answers: queue.Queue[Done | HardwareError | ReaderState | Tap | None] = queue.Queue()
        """What came of it; `None` for a badge that was lifted too soon, a `Tap` for a card that takes no
        commands."""

    def prove(self, uid: Uid, transmit: Transmit) -> None:
        """Do it; goes on from the beginning when the badge comes back."""
        try:
            self.answers.put(self._work(uid, transmit))
        except (CardLifted, ReaderGone):
            raise
        except HardwareError as refused:
            self.answers.put(refused)

    def cut(self) -> None:
        """The badge was lifted."""
        self.answers.put(None)

    def tapped(self, tap: Tap) -> None:
        """A card has said everything it says."""
        self.answers.put(tap)

    def state(self, state: ReaderState) -> None:
        """The reader is ready, or gone."""
        self.answers.put(state)


def _nothing_known(_command: bytes) -> bytes:
    """Answer as a card without the application."""
    return b"\x6a\x82"


def _reader(device: str, baud: int, doing: "_Work[Done]") -> BadgeReader:
    try:
        settings = ReaderSettings(device, baud)
    except WrongValueError as wrong:
        raise UsageError(str(wrong)) from wrong
    reader = reader_of(
        settings, on_tap=doing.tapped, on_state=doing.state, prove=doing.prove, on_cut=doing.cut
    )
    if reader is None:
        raise UsageError(Sentence("name a reader, like --reader pn532:/dev/foyer-reader"))
    return reader
