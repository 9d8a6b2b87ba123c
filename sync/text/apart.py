"""The text understanding in a process of its own, which ends once nothing is left to read.

The encoder takes 150 MB and is needed for some seconds a day, when somebody has written what they look for: a
program that ends gives all of it back.  The hub writes a message to the other's input and reads one from its
output: four bytes of length, then MessagePack.  First goes the glossary, then texts, and for each lot the
vectors come back.  The other ends when its input does, so a hub that is killed leaves nothing behind.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from typing import IO

import msgspec
from typing_extensions import override

from plumbing.words import Sentence
from sync.errors import TextError
from sync.text.glossary import Glossary
from sync.text.pipeline import Pipeline

LENGTH_BYTES = 4

END_S = 10.0
"""Seconds the other process may take to end by itself: it finishes what it was given."""

TRIES = 2
"""A process that was ended from outside (memory ran out) is started once more, not for ever."""

NICER = 5
"""By how much the other gives way: a tap that is to be stored comes before a profile that is to be read."""

_texts = msgspec.msgpack.Decoder(list[str])
_glossary = msgspec.msgpack.Decoder(Glossary)


class Vectors(msgspec.Struct, frozen=True):
    """What comes back for a lot of texts."""

    made: dict[str, str] = {}
    trouble: str = ""
    """Why there are none: the name of an error; empty if there are."""


_vectors = msgspec.msgpack.Decoder(Vectors)


class PipelineApart(Pipeline):
    """The same as `Pipeline`; `packed` is done by another process, made when it is needed.

    Without the encoder there is nothing large to give back, and all is done here.
    """

    def __init__(self, glossary: Glossary, *, with_encoder: bool = True) -> None:
        super().__init__(glossary, with_encoder=with_encoder)
        self._other: subprocess.Popen[bytes] | None = None

    @property
    def awake(self) -> int | None:
        """The other's process id; `None` while there is none."""
        return None if self._other is None else self._other.pid

    @override
    def packed(self, items: Iterable[str]) -> dict[str, str]:
        """As `Pipeline.packed`.

        Raises:
            TextError: The encoder cannot be loaded, or its process was ended again and again.
        """
        if not self.has_encoder:
            return super().packed(items)
        asked = msgspec.msgpack.encode(list(items))
        for _ in range(TRIES):
            try:
                answer = self._answer(asked)
            except OSError:  # it could not be started, or ended before it took everything
                answer = None
            if answer is None:
                self.rest()
            elif answer.trouble:
                self.rest()
                raise _not_loaded(answer.trouble)
            else:
                return answer.made
        raise _not_loaded("its process ended")

    @override
    def rest(self) -> None:
        """Let the other process end; the next text makes a new one.  Waits for it."""
        other, self._other = self._other, None
        if other is None:
            return
        with contextlib.suppress(OSError):
            _pipe(other.stdin).close()
        try:
            other.wait(END_S)
        except subprocess.TimeoutExpired:
            other.kill()
            other.wait()
        _pipe(other.stdout).close()

    def _answer(self, asked: bytes) -> Vectors | None:
        """Return what the other says; `None` if it ended instead."""
        if self._other is None:
            self._other = subprocess.Popen(
                [sys.executable, "-P", "-m", "sync.text.apart"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=-1,
            )
            _put(_pipe(self._other.stdin), msgspec.msgpack.encode(self._glossary))
        _put(_pipe(self._other.stdin), asked)
        said = _take(_pipe(self._other.stdout))
        return None if said is None else _vectors.decode(said)


def serve(asked: IO[bytes], answers: IO[bytes]) -> None:
    """Be the other process: read lots of texts until there are no more, and answer each."""
    first = _take(asked)
    if first is None:
        return
    pipeline = Pipeline(_glossary.decode(first))
    while (lot := _take(asked)) is not None:
        try:
            said = Vectors(pipeline.packed(_texts.decode(lot)))
        except TextError as error:
            said = Vectors(trouble=type(error.__cause__).__name__)
        _put(answers, msgspec.msgpack.encode(said))


def _not_loaded(said: str) -> TextError:
    return TextError(Sentence("the sentence encoder cannot be loaded ({said})", said=said))


def _put(where: IO[bytes], message: bytes) -> None:
    where.write(len(message).to_bytes(LENGTH_BYTES, "big") + message)
    where.flush()


def _take(where: IO[bytes]) -> bytes | None:
    """Return the next message; `None` if there is no whole one any more."""
    length = where.read(LENGTH_BYTES)
    if len(length) < LENGTH_BYTES:
        return None
    size = int.from_bytes(length, "big")
    message = where.read(size)
    return message if len(message) == size else None


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise OSError("a process without pipes")
    return pipe


def main() -> None:
    """Run as the hub's other process: it ends with its input, whatever else is said to the hub's group."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with contextlib.suppress(OSError):  # the service's rules forbid it, and then it is as nice as the hub
        os.nice(NICER)
    with contextlib.suppress(BrokenPipeError):  # the hub was killed meanwhile
        serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
