"""What sounds with a sign: the kiosk's own speaker, the buzzer at the door, and words for who asked for them.

A shell: `kiosk.core.loudness` decides, this carries it out.  Lives as long as the kiosk, on its event loop;
without a speaker nothing sounds here, and the buzzer does as it is told.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import time

from community.ids import MemberId
from community.members import Space
from kiosk.core.chimes import wav_of
from kiosk.core.loudness import Buzzer, Listener, gain_now, heard
from kiosk.core.signs import Sign
from kiosk.core.spoken import spoken_of
from kiosk.core.views import View
from kiosk.player import Player, Speech
from kiosk.signals import Signals

ListenerOf = Callable[[MemberId | None], Listener]
"""Returns whom a sign is for: a member, or `None` for whoever stands there."""


def anybody(_member: MemberId | None) -> Listener:
    """Return the listener where nothing is known of the space."""
    return Listener(Space(), time(12))


class Sounds:
    """Gives signs their sound."""

    def __init__(self, signals: Signals, listener: ListenerOf, has_buzzer: Callable[[], bool]) -> None:
        """Prepare; silent but for the buzzer.

        Args:
            signals: Light and buzzer.
            listener: Asked for each sign.
            has_buzzer: Whether the door's microcontroller is there and has one.
        """
        self._signals, self._listener, self._has_buzzer = signals, listener, has_buzzer
        self._player: Player | None = None
        self._beside = False

    def use(self, player: Player, *, beside_buzzer: bool = False) -> None:
        """Sound through a speaker from now on; beside the buzzer too if it is said."""
        self._player, self._beside = player, beside_buzzer

    def give(self, sign: Sign, member: MemberId | None = None, view: View | None = None) -> None:
        """Give a sign, once what it stands for is committed and shown.

        Args:
            sign: Light and sounds.
            member: Whose it is, where that is known.
            view: What is shown to them; read to them if they asked for it.
        """
        listener = self._listener(member)
        buzzer = Buzzer(there=self._signals.sounds and self._has_buzzer(), beside=self._beside)
        sounds = heard(sign, listener, buzzer)
        self._signals.give(replace(sign, tone=sounds.tone))
        if self._player is None:
            return
        self._player.cut()
        if sounds.chime is not None:
            self._player.play(wav_of(sounds.chime, sounds.gain))
        if view is not None and listener.spoken:
            self._player.say(Speech(spoken_of(view), listener.spoken, gain_now(listener)))

    def cut(self) -> None:
        """End what sounds: somebody else is there."""
        if self._player is not None:
            self._player.cut()
