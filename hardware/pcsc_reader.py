"""Read badges with a USB reader through PC/SC.  The one home of pyscard, an extra: `foyer-kiosk[pcsc]`.

The system's service, pcscd, owns the reader and tells of cards that come and go;
this waits for its word, asks the card for its number (`FF CA 00 00 00`) and lends
the line to whoever asks for a proof.  Any reader of the CCID class will do.

Source: PC/SC part 3, revision 2.01.09; pcsc-lite's winscard.h.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from hardware.contactless import choose, technology_of_atr
from hardware.errors import CardLifted, ReaderFault, ReaderGone
from hardware.polling import FoundCard, Poller
from hardware.reader import OnCut, OnState, OnTap, Prove, ReaderReady
from hardware.uid import Uid

log = logging.getLogger(__name__)

WAIT_S = 0.15
"""How long one poll waits for news, seconds: `stop` takes no longer, and a card that comes ends the wait."""

PAUSE_S = 0.01
"""Rest between two polls, seconds."""

_GET_UID = bytes.fromhex("FFCA000000")
_DONE = b"\x90\x00"
_NO_BEEP = {"ACR122": bytes.fromhex("FF00520000")}
"""For each reader that beeps when it sees a card, what stops it: people lift their badge on the beep.

Source: ACR122U API 2.04, section 6.7.
"""

_GONE: Final = {
    0x8010001D: ReaderFault.NO_SERVICE,
    0x8010001E: ReaderFault.NO_SERVICE,  # the service is ending
    0x80100013: ReaderFault.NO_SERVICE,  # the line to it broke
    0x80100003: ReaderFault.NO_SERVICE,  # it was started again and does not know us
    0x8010006A: ReaderFault.REFUSED,
    0x8010002E: ReaderFault.NO_SUCH_READER,
    0x80100009: ReaderFault.NO_SUCH_READER,
    0x80100017: ReaderFault.UNPLUGGED,
    0x8010000B: ReaderFault.BUSY,
}
"""What the service's error numbers mean for the reader; any other is `GARBLED`."""

_LIFTED: Final = {0x80100069, 0x80100068, 0x80100066, 0x80100067, 0x80100016, 0x8010000C, 0x8010002F}
"""Removed, reset, unresponsive, unpowered, not transacted, no card, broken off: the card is gone or was."""

_TIMEOUT = 0x8010000A


class PcscReader:
    """A USB reader that pcscd serves, opened again whenever it fails.  A `BadgeReader`.

    Args:
        part: Part of the reader's name, in any case; empty takes the likeliest.
        on_tap: Called **from the reader's thread**, once per presentation of a card.
        on_state: Called **from the reader's thread** when it becomes ready, or is lost for a new reason.
        prove: Has a secure badge show that it knows its key, while it is held; `None` asks nobody.
        on_cut: Called **from the reader's thread** when a card was taken away before it had said everything.
    """

    def __init__(
        self,
        part: str = "",
        *,
        on_tap: OnTap,
        on_state: OnState,
        prove: Prove | None = None,
        on_cut: OnCut | None = None,
    ) -> None:
        self._part = part
        self._port = f"pcsc:{part}"
        self._poller = Poller(
            self._port, self._open, on_tap, on_state, prove=prove, on_cut=on_cut, pause_s=PAUSE_S
        )

    def start(self) -> None:
        """Begin to look for the reader, and for badges on it; returns at once."""
        self._poller.start()

    def stop(self) -> None:
        """End it: no callback comes any more, the service has forgotten us.  Takes `WAIT_S` at worst."""
        self._poller.stop()

    @contextmanager
    def _open(self, stopping: threading.Event) -> "Iterator[_OpenPcsc]":  # noqa: ARG002 - nothing here waits
        service = _Service(self._port)
        try:
            yield _OpenPcsc(service, choose(service.readers(), self._part), self._port)
        finally:
            service.close()


class _Service:
    """The line to pcscd; every call that fails is a `ReaderGone`, or a `CardLifted`.

    An answer is looked at only when the call succeeded: pyscard fills it with whatever
    lay in memory when it did not.
    """

    def __init__(self, port: str) -> None:
        self._port = port
        try:
            from smartcard import scard
        except ImportError as exc:
            raise ReaderGone(ReaderFault.NOT_INSTALLED, port) from exc
        self._scard: Any = scard
        self._context = self._checked(*scard.SCardEstablishContext(scard.SCARD_SCOPE_USER))

    def close(self) -> None:
        """Be forgotten by the service; one that is gone has done so already."""
        self._scard.SCardReleaseContext(self._context)

    def readers(self) -> Sequence[str]:
        """Names of the readers plugged in now.

        Raises:
            ReaderGone: There is none, or the service is gone.
        """
        return [str(name) for name in self._checked(*self._scard.SCardListReaders(self._context, []))]

    def wait(self, reader: str, known: int) -> tuple[int, bytes]:
        """Wait up to `WAIT_S` for the state to become another than `known`; returns the state and the ATR.

        Raises:
            ReaderGone: The reader or the service is gone.
        """
        code, states = self._scard.SCardGetStatusChange(self._context, int(WAIT_S * 1000), [(reader, known)])
        if code & 0xFFFFFFFF != _TIMEOUT:
            self._checked(code, states)
        _, state, atr = states[0]
        return int(state), bytes(atr)

    def connect(self, reader: str) -> tuple[int, int]:
        """Take a share in the card; returns its handle and its protocol."""
        s = self._scard
        code, handle, protocol = s.SCardConnect(
            self._context, reader, s.SCARD_SHARE_SHARED, s.SCARD_PROTOCOL_T0 | s.SCARD_PROTOCOL_T1
        )
        self._checked(code, None)
        return handle, s.SCARD_PCI_T1 if protocol == s.SCARD_PROTOCOL_T1 else s.SCARD_PCI_T0

    def disconnect(self, handle: int) -> None:
        """Give the share back, and leave the card as it is."""
        self._scard.SCardDisconnect(handle, self._scard.SCARD_LEAVE_CARD)

    def transmit(self, handle: int, protocol: int, command: bytes) -> bytes:
        """Send one command to the card, or to the reader itself."""
        return bytes(self._checked(*self._scard.SCardTransmit(handle, protocol, list(command))))

    def _checked(self, code: int, answer: Any) -> Any:
        number = code & 0xFFFFFFFF
        if number == 0:
            return answer
        log.debug("the PC/SC service said %08X", number)
        if number in _LIFTED:
            raise CardLifted
        raise ReaderGone(_GONE.get(number, ReaderFault.GARBLED), self._port)


class _OpenPcsc:
    """One reader that the service knows.

    Raises:
        ReaderGone: The service knows none that fits.
    """

    def __init__(self, service: _Service, name: str | None, port: str) -> None:
        if name is None:
            raise ReaderGone(ReaderFault.NO_SUCH_READER, port)
        self.ready = ReaderReady(name, port, 0)
        self._service = service
        self._name = name
        self._port = port
        self._known = 0
        self._held: FoundCard | None = None
        self._handle: tuple[int, int] | None = None

    def poll(self) -> FoundCard | None:
        """Wait for news of the card, for a moment; the card on the reader, or `None`.

        Raises:
            ReaderGone: The reader was unplugged, or the service is gone.
        """
        s = _States
        state, atr = self._service.wait(self._name, self._known)
        if state & (s.UNKNOWN | s.UNAVAILABLE):
            raise ReaderGone(ReaderFault.UNPLUGGED, self._port)
        # Not CHANGED: it is set for our own connection too.
        is_news = not self._known or (state ^ self._known) & (s.EVENTS | s.PRESENT | s.MUTE)
        self._known = state & ~s.CHANGED
        if is_news:
            self._let_go()
            if state & s.PRESENT and not state & s.MUTE:
                self._take(atr)
        return self._held

    def activate(self) -> bool:
        """Whether the card takes commands: the reader has activated it."""
        return self._handle is not None

    def transmit(self, command: bytes) -> bytes:
        """Send one command APDU to the card; its answer, status word last.

        Raises:
            CardLifted: It does not answer any more.
            ReaderGone: The reader or the service failed.
        """
        if self._handle is None:
            raise CardLifted
        try:
            return self._service.transmit(*self._handle, command)
        except CardLifted:
            self._let_go()
            self._known = 0  # if it is still there, that is news
            raise

    def _take(self, atr: bytes) -> None:
        """Connect to the card, and ask for its number; a card without one that makes sense is no card."""
        try:
            self._handle = self._service.connect(self._name)
            for part, command in _NO_BEEP.items():
                if part in self._name:
                    self._service.transmit(*self._handle, command)
            number = self._service.transmit(*self._handle, _GET_UID).removesuffix(_DONE)
        except CardLifted:
            self._let_go()
            self._known = 0
            return
        try:
            self._held = FoundCard(Uid(number), technology_of_atr(atr))
        except ValueError:
            log.debug("a card answered with a number of %d bytes", len(number))
            self._let_go()

    def _let_go(self) -> None:
        self._held, handle, self._handle = None, self._handle, None
        if handle is not None:
            self._service.disconnect(handle[0])


class _States:
    """Bits of a reader's state.  Source: winscard.h."""

    CHANGED, UNKNOWN, UNAVAILABLE = 0x0002, 0x0004, 0x0008
    PRESENT, MUTE = 0x0020, 0x0200
    EVENTS = 0xFFFF0000
    """How often a card came or went, as the service counts."""
