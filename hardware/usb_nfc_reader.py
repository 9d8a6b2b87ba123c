"""Read badges with a USB reader that nfcpy drives itself: Sony RC-S380 and the PN533 boards.

For readers that have no CCID class, so that PC/SC cannot serve them; not for the ACR122U,
which opens once and then not again until it is replugged.  nfcpy's `open`, `sense` and
`exchange` are used as they are: here no chip needs another treatment.

Not run on any such reader yet: the tests drive the same code over nfcpy's UDP driver.
"""

import errno
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import nfc.clf

from hardware.errors import CardLifted, ReaderFault, ReaderGone
from hardware.iso_dep import RATS, IsoDep, Unheard, abilities_of
from hardware.polling import PAUSE_S, FoundCard, Poller
from hardware.reader import OnCut, OnState, OnTap, Prove, ReaderReady, Technology, technology_of
from hardware.uid import Uid

log = logging.getLogger(__name__)

_ACTIVATION_S = 0.04
_FAULTS: Final = {
    errno.ENODEV: ReaderFault.UNPLUGGED,
    errno.ENXIO: ReaderFault.UNPLUGGED,
    errno.EACCES: ReaderFault.NOT_ALLOWED,
    errno.EPERM: ReaderFault.NOT_ALLOWED,
    errno.EBUSY: ReaderFault.BUSY,
    errno.ETIMEDOUT: ReaderFault.MUTE,
}
"""What an error number means while it is used; any other is `GARBLED`."""


class UsbNfcReader:
    """A reader nfcpy finds on USB, opened again whenever it fails.  A `BadgeReader`.

    Args:
        path: As nfcpy names it: `usb:054c:06c1` by its vendor and product numbers.
        felica: Whether FeliCa badges are wanted.
        on_tap: Called **from the reader's thread**, once per presentation of a card.
        on_state: Called **from the reader's thread** when it becomes ready, or is lost for a new reason.
        prove: Has a secure badge show that it knows its key, while it is held; `None` asks nobody.
        on_cut: Called **from the reader's thread** when a card was taken away before it had said everything.
        pause_s: Rest between two polls, seconds, 0 or more.
    """

    def __init__(
        self,
        path: str,
        *,
        felica: bool = False,
        on_tap: OnTap,
        on_state: OnState,
        prove: Prove | None = None,
        on_cut: OnCut | None = None,
        pause_s: float = PAUSE_S,
    ) -> None:
        self._path = path
        self._felica = felica
        self._poller = Poller(path, self._open, on_tap, on_state, prove=prove, on_cut=on_cut, pause_s=pause_s)

    def start(self) -> None:
        """Begin to look for the reader, and for badges on it; returns at once."""
        self._poller.start()

    def stop(self) -> None:
        """End it: no callback comes any more, the reader is closed.  Takes a poll's time."""
        self._poller.stop()

    @contextmanager
    def _open(self, stopping: threading.Event) -> "Iterator[_OpenUsb]":  # noqa: ARG002 - nothing here waits
        # nfcpy's debug lines hold full UIDs, and its errors reach us as exceptions.
        logging.getLogger("nfc").setLevel(logging.CRITICAL)
        frontend = nfc.clf.ContactlessFrontend()
        with _usb_errors(self._path):
            if not frontend.open(self._path):
                raise ReaderGone(ReaderFault.NO_SUCH_READER, self._path)
        try:
            yield _OpenUsb(frontend, self._path, felica=self._felica)
        finally:
            try:
                frontend.close()
            except (OSError, nfc.clf.Error) as exc:
                log.debug("the reader %s could not be closed: %r", self._path, exc)


class _OpenUsb:
    """A reader that nfcpy has opened."""

    def __init__(self, frontend: Any, path: str, *, felica: bool) -> None:
        device = frontend.device
        name = " ".join(filter(None, [device.vendor_name, device.product_name])) or device.chipset_name
        self.ready = ReaderReady(name or "nfcpy", path, 0)
        self._frontend = frontend
        self._path = path
        self._targets = [nfc.clf.RemoteTarget("106A")]
        if felica:
            self._targets.append(nfc.clf.RemoteTarget("212F"))
        self._held: FoundCard | None = None
        self._spoken_to: IsoDep | None = None

    def poll(self) -> FoundCard | None:
        """Look for a card once; one that takes commands is not looked for again while it answers.

        Raises:
            ReaderGone: The reader failed.
        """
        with _usb_errors(self._path):
            if self._held is not None and self._activated() is not None and self._still_there():
                return self._held
            card = _card_of(self._frontend.sense(*self._targets, iterations=1))
        self._held = card if card and card.technology is Technology.ISO_DEP else None
        self._spoken_to = None
        return card

    def activate(self) -> bool:
        """Have the card that the last poll found take commands; False if it does not answer.

        Raises:
            ReaderGone: The reader failed.
        """
        with _usb_errors(self._path):
            return self._activated() is not None

    def transmit(self, command: bytes) -> bytes:
        """Send one command APDU to the card; its answer, status word last.

        Raises:
            CardLifted: It does not answer any more.
            ReaderGone: The reader failed.
        """
        held, spoken_to = self._held, self._spoken_to
        if spoken_to is None:
            raise CardLifted
        # Looked for anew by the next poll, unless this succeeds.
        self._held = self._spoken_to = None
        with _usb_errors(self._path):
            answer = spoken_to.transmit(command)
        self._held, self._spoken_to = held, spoken_to
        return answer

    def _activated(self) -> IsoDep | None:
        if self._spoken_to is None and self._held is not None:
            try:
                self._spoken_to = IsoDep(self._exchange, abilities_of(self._exchange(RATS, _ACTIVATION_S)))
            except Unheard:
                return None
        return self._spoken_to

    def _still_there(self) -> bool:
        return self._spoken_to is not None and self._spoken_to.is_there()

    def _exchange(self, frame: bytes, wait_s: float) -> bytes:
        try:
            return bytes(self._frontend.exchange(frame, wait_s) or b"")
        except nfc.clf.CommunicationError as exc:
            raise Unheard from exc


@contextmanager
def _usb_errors(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise ReaderGone(_FAULTS.get(exc.errno or 0, ReaderFault.GARBLED), path) from exc
    except (nfc.clf.Error, IndexError, ValueError, TypeError) as exc:
        raise ReaderGone(ReaderFault.GARBLED, path) from exc


def _card_of(target: Any) -> FoundCard | None:
    """The card nfcpy found; `None` for none, and for one whose number makes no sense (it is read again)."""
    if target is None:
        return None
    if target.brty.endswith("F"):
        value, technology = target.sensf_res[1:9], Technology.FELICA
    elif target.rid_res is not None:
        value, technology = target.rid_res[2:6], Technology.TYPE_1
    else:
        value, technology = target.sdd_res, technology_of(target.sel_res[0])
    try:
        return FoundCard(Uid(bytes(value)), technology)
    except ValueError:
        log.debug("a card answered with a number of %d bytes", len(value))
        return None
