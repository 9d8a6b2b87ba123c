"""The kiosk's own speaker: a chime or a few spoken words, through whichever player the system has.

A shell, and one thread: it starts programs and waits for them, so the event loop never does.  A new sound
cuts the one before it.  Sounds are handed over in memory, words by the voice's standard input: what is said
to whom is in no file and in no list of processes.  A player that fails gives way to the next there is; when
none can play, that is said once, and the kiosk is silent.
"""

import logging
import os
import shutil
import subprocess
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition, Thread
from time import monotonic

from kiosk.core.chimes import wav

log = logging.getLogger(__name__)

PLAYERS: dict[str, tuple[str, ...]] = {"pw-play": (), "paplay": (), "aplay": ("-q",)}
"""What may be there, and what it is told besides the sound; the first of them is tried first."""

VOICE = "espeak-ng"

LATE_S = 4.0
"""Seconds a player may take beyond the sound's own length: then it hangs, and is killed."""

REST_S = 60.0
"""Seconds of silence once no player found a sound device: each tap would start programs in vain."""

SPEAK_S = 10.0
"""Seconds the voice may take to speak into memory."""

HEAD_BYTES = 44
"""Of the WAV file the voice writes; as it speaks into a pipe, the lengths in it are made up."""


@dataclass(frozen=True, slots=True)
class Speech:
    """A few words, to be said aloud."""

    text: str = field(repr=False)
    language: str
    """A two-letter code."""
    gain: float
    """0 to 1."""


def found_players(wanted: str) -> tuple[str, ...]:
    """Return the paths of the players that are there, in the order in which they are tried.

    Args:
        wanted: `auto` for any of `PLAYERS`, `none`, or a program's name or path.
    """
    names: Iterable[str] = PLAYERS if wanted == "auto" else () if wanted == "none" else (wanted,)
    return tuple(path for name in names if (path := shutil.which(name)) is not None)


def speech_command(voice: str, speech: Speech) -> tuple[str, ...]:
    """Return how the voice is started; the words come on its standard input."""
    amplitude = str(round(100 * min(1.0, max(0.0, speech.gain))))
    return (voice, "-v", speech.language, "-a", amplitude, "-s", "150", "--stdin", "--stdout")


class Player:
    """Plays one sound at a time.  `start` it once; `stop` ends its thread, and what is playing."""

    def __init__(
        self,
        players: Sequence[str],
        voice: str | None = None,
        *,
        late_s: float = LATE_S,
        rest_s: float = REST_S,
    ) -> None:
        """Prepare.

        Args:
            players: Paths of programs that play the WAV file they are given, the best first.
            voice: The path of espeak-ng; `None` where there is none.
            late_s: As `LATE_S`.
            rest_s: As `REST_S`.
        """
        self._rest_s, self._again_s = rest_s, 0.0
        self._players, self._voice, self._late_s = tuple(players), voice, late_s
        self._condition = Condition()
        self._waiting: deque[bytes | Speech] = deque()
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = 0
        """Grows with each cut: what was begun before it is over."""
        self._busy = False
        self._ending = False
        self._complained: set[str] = set()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin; nothing sounds before."""
        if self._players and self._thread is None:
            self._thread = Thread(target=self._run, name="player", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End it: on return nothing plays, and the thread is gone.

        May be called twice, and before `start`.
        """
        with self._condition:
            self._ending = True
        self.cut()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def play(self, sound: bytes) -> None:
        """Play a WAV file now, instead of whatever plays; never waits."""
        self.cut()
        self._put(sound)

    def then(self, sound: bytes) -> None:
        """Play a WAV file after what plays now; never waits."""
        self._put(sound)

    def wait(self, timeout_s: float) -> bool:
        """Wait until everything was played, and say whether it could be; not on the event loop."""
        with self._condition:
            done = self._condition.wait_for(lambda: not self._waiting and not self._busy, timeout_s)
            return done and not self._complained

    def say(self, speech: Speech) -> None:
        """Say something after what plays now; never waits."""
        if self._voice is not None and speech.text and speech.gain > 0:
            self._put(speech)

    def cut(self) -> None:
        """Stop what plays, and forget what was to follow; never waits."""
        with self._condition:
            self._waiting.clear()
            self._turn += 1
            if self._process is not None:
                self._process.kill()
            self._condition.notify_all()

    def _put(self, wish: bytes | Speech) -> None:
        if self._thread is None:
            return
        with self._condition:
            self._waiting.append(wish)
            self._condition.notify_all()

    def _run(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._ending or self._waiting)
                if self._ending:
                    return
                wish, turn, self._busy = self._waiting.popleft(), self._turn, True
            if monotonic() >= self._again_s:
                try:
                    self._make_heard(wish, turn)
                except OSError as error:  # no descriptors, no memory: a kiosk without sound goes on
                    self._fails("player", f"nothing can be played for now: {error}")
            with self._condition:
                self._busy = False
                self._condition.notify_all()

    def _make_heard(self, wish: bytes | Speech, turn: int) -> None:
        sound = self._spoken(wish, turn) if isinstance(wish, Speech) else wish
        if sound:
            self._play(sound, turn)

    def _play(self, sound: bytes, turn: int) -> None:
        """Play a sound with the first player that can."""
        lasts_s = len(sound) / max(1, int.from_bytes(sound[28:32], "little"))
        for player in self._players:
            with _in_memory(sound) as (path, descriptor):
                command = (player, *PLAYERS.get(Path(player).name, ()), path)
                done = self._do(command, turn, lasts_s + self._late_s, keep=descriptor)
            if self._over(turn):
                return
            if done is not None:
                self._works("player")
                return
        self._again_s = monotonic() + self._rest_s
        self._fails("player", "nothing can be played: no player found a sound device; the kiosk is silent")

    def _spoken(self, speech: Speech, turn: int) -> bytes:
        """Return what the voice says as a WAV file; empty if it cannot."""
        assert self._voice is not None  # noqa: S101 - `say` takes nothing without one
        command = speech_command(self._voice, speech)
        raw = self._do(command, turn, SPEAK_S, say=speech.text.encode())
        if raw is None or len(raw) <= HEAD_BYTES:
            if not self._over(turn):
                self._fails("voice", f"nothing can be said in the language {speech.language}")
            return b""
        self._works("voice")
        return wav(raw[HEAD_BYTES:], int.from_bytes(raw[24:28], "little"))

    def _do(
        self, command: Sequence[str], turn: int, patience_s: float, *, keep: int = -1, say: bytes = b""
    ) -> bytes | None:
        """Run a program to its end and return what it wrote; `None` if it failed, hung or was cut."""
        try:
            process = subprocess.Popen(  # noqa: S603 - a player, with no word of anybody's in its arguments
                command,
                stdin=subprocess.PIPE if say else subprocess.DEVNULL,
                stdout=subprocess.PIPE if say else subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=() if keep < 0 else (keep,),
                start_new_session=True,
            )
        except OSError as error:
            log.debug("%s cannot be started: %s", command[0], error)
            return None
        with process:
            with self._condition:
                self._process = process
                if turn != self._turn:
                    process.kill()
            try:
                said, _ = process.communicate(say or None, timeout=patience_s)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                self._fails("hangs", f"{Path(command[0]).name} hung and was ended")
                said = b""
            with self._condition:
                self._process = None
            return (said or b"") if process.returncode == 0 else None

    def _over(self, turn: int) -> bool:
        with self._condition:
            return turn != self._turn

    def _works(self, what: str) -> None:
        if what in self._complained:
            self._complained.discard(what)
            log.info("the %s works again", what)

    def _fails(self, what: str, sentence: str) -> None:
        level = logging.DEBUG if what in self._complained else logging.WARNING
        self._complained.add(what)
        log.log(level, "%s", sentence)


@contextmanager
def _in_memory(content: bytes) -> Iterator[tuple[str, int]]:
    """A file that is nowhere but in memory, for the length of a block: its path, and its descriptor."""
    descriptor = os.memfd_create("foyer-sound")
    try:
        with os.fdopen(os.dup(descriptor), "wb") as file:
            file.write(content)
        yield f"/proc/self/fd/{descriptor}", descriptor
    finally:
        os.close(descriptor)
