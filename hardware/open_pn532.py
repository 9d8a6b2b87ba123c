"""A PN532 that is awake, over an open serial line: nfcpy's driver, spared what it does not need.

nfcpy's driver does the talking, but not its `open`, `connect` and `close`: they
take few port names, are slow by default, switch to a speed that a mini-UART
cannot do, and put the chip into a sleep from which some boards never wake.
"""

import errno
import logging
import struct
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import nfc.clf
from nfc.clf import pn532, transport

from hardware.chipset import LATE_LOOK_S, ImpatientChipset
from hardware.errors import CardLifted, ReaderFault, ReaderGone
from hardware.iso_dep import RATS, IsoDep, Unheard, abilities_of
from hardware.polling import FoundCard
from hardware.reader import ReaderReady, Technology, technology_of
from hardware.serial_line import PROBE_BAUDS, is_hung_up, says_gone
from hardware.uid import Uid

log = logging.getLogger(__name__)

_SWITCH_S = 0.02
"""The chip has taken its new speed so long after the ACK that asks for it."""

_ACTIVATION_S = 0.04
"""How long a card may take to be activated: ISO 14443-4 gives it 5 ms, and a longer wait costs no frame."""

_QUIET_S = 0.02
"""A line on which nothing has come for so long has nothing more to say, seconds."""

_ON_THE_WAY_S = 0.06
"""Seconds an answer may take beside the card's own: the longest is 24 ms on the wire at 115200 baud."""

_POLLS_PER_TYPE_1 = 8
"""Every so many empty polls a Type 1 tag (Topaz) is looked for: it is found within half a second."""

_PN532_IC = 0x32
_SENSF_REQ = bytes.fromhex("00FFFF0100")
_SENS_REQ = 0x26
_TIMINGS = 0x02
_CHUNK_BYTES = 512
_WAIT_UNIT_S = 0.0001
_WAIT_INDEX_AT_START = 10  # nfcpy's driver sets 51.2 ms, enough for an NTAG 424 or a DESFire
_NOT_OF_THE_CARD = (0x7F, 0xFF)  # an error frame, an answer cut short: it is the line that failed

_LINE_ERRORS: Final = (
    OSError,  # serial.SerialException too
    termios.error,  # not an OSError
    struct.error,
    IndexError,  # nfcpy reads the length of a frame that is too short to have one
    ValueError,
    TypeError,
    pn532.Chipset.Error,
    nfc.clf.Error,
)
"""Every way a bad line shows through nfcpy and pyserial."""


class OpenPn532:
    """A PN532 that is awake and set up, over an open line.

    A poll is two frames: look, and field off.  nfcpy's own `sense` takes four, for
    peer-to-peer and for Type 1 tags, which are looked for now and then only; its
    `exchange` takes four for each frame to a card, where one is enough for Type A.

    Raises:
        ReaderGone: It is another chip.
    """

    def __init__(self, line: Any, port: str, baud: int, *, felica: bool) -> None:
        # nfcpy's debug lines hold full UIDs, and its errors reach us as exceptions.
        logging.getLogger("nfc").setLevel(logging.CRITICAL)
        self._line = line
        self._port = port
        tty = transport.TTY()
        tty.tty = line
        self._chipset = ImpatientChipset(tty, logger=logging.getLogger("nfc.clf.pn532"))
        chip, version, revision, _ = self._chipset.get_firmware_version()
        if chip != _PN532_IC:
            raise ReaderGone(ReaderFault.NOT_A_READER, port)
        self.ready = ReaderReady(f"PN532 v{version}.{revision}", port, baud)
        self._set_baud(baud)
        self._device = pn532.Device(self._chipset, logger=logging.getLogger("nfc.clf.pn532"))
        self._felica = felica
        self._field_is_on = False
        self._empty_polls = 0
        self._wait_index = _WAIT_INDEX_AT_START
        self._held: FoundCard | None = None
        self._spoken_to: IsoDep | None = None
        self._failure: Exception | None = None
        self._is_unsure = False

    def poll(self) -> FoundCard | None:
        """Look for a card once.

        A card that takes commands is not looked for again while it answers:
        looking resets the field, at which a phone draws a new number and may
        wake its owner's wallet each time.

        Raises:
            ReaderGone: The line failed.
        """
        with line_errors(self._line, self._port):
            if self._is_unsure:
                self._settle()
            self._is_unsure = True
            is_held = self._held is not None and self._activated() is not None and self._still_there()
            card = self._held if is_held else self._look()
            self._is_unsure = False
        if is_held:
            return card
        self._held = card if card and card.technology is Technology.ISO_DEP else None
        self._spoken_to = None
        return card

    def activate(self) -> bool:
        """Have the ISO-DEP card that the last poll found take commands; False if it does not answer.

        Raises:
            ReaderGone: The line failed.
        """
        with line_errors(self._line, self._port):
            is_active = self._activated() is not None
            if not is_active and self._failure is not None:
                raise self._failure
        return is_active

    def transmit(self, command: bytes) -> bytes:
        """Send one command APDU to the card that was activated; returns its answer, status word last.

        Raises:
            CardLifted: It does not answer any more.
            ReaderGone: The line failed.
        """
        held, spoken_to = self._held, self._spoken_to
        if spoken_to is None:
            raise CardLifted
        # Looked for anew by the next poll, unless this succeeds: what is half said cannot be gone on with.
        self._held = self._spoken_to = self._failure = None
        with line_errors(self._line, self._port):
            try:
                answer = spoken_to.transmit(command)
            except CardLifted:
                if self._failure is None:
                    raise
                raise self._failure from None  # it was the line that did not answer, not the card
        self._held, self._spoken_to = held, spoken_to
        return answer

    def hush(self) -> None:
        """Leave the chip as it is after power-on: field off, 115200 baud.  A dead line is no error here."""
        try:
            self._device.mute()
            self._set_baud(PROBE_BAUDS[0])
        except _LINE_ERRORS as exc:
            log.debug("the reader at %s could not be hushed: %r", self._port, exc)

    def _look(self) -> FoundCard | None:
        """Look for a card of each kind wanted; the field is off before, and after if there was none."""
        if self._field_is_on:
            self._field_off()
        self._field_is_on = True
        # Type A first: the first hit wins.  Never Type B: no common badge, and a third more time.
        card = self._look_for_type_a()
        if card is None and self._felica:
            card = _card_of_type_f(self._chipset.in_list_passive_target(1, 1, _SENSF_REQ))
        if card is None:
            self._field_off()
        return card

    def _look_for_type_a(self) -> FoundCard | None:
        found = self._chipset.in_list_passive_target(1, 0, b"")
        if found is not None:
            self._empty_polls = 0
            return _card_of_type_a(found)
        self._empty_polls += 1
        # Asked for now and then, and while one is there: a Topaz is rare, and the question costs a frame.
        if self._empty_polls % _POLLS_PER_TYPE_1 or self._chipset.read_register("CIU_FIFOData") == _SENS_REQ:
            return None
        self._empty_polls -= 1
        return _card_of_type_1(self._device.sense_tta(nfc.clf.RemoteTarget("106A")))

    def _field_off(self) -> None:
        self._device.mute()
        self._field_is_on = False

    def _activated(self) -> IsoDep | None:
        """The conversation with the card that is held; begins it the first time."""
        if self._spoken_to is None and self._held is not None:
            try:
                ats = self._exchange(RATS, _ACTIVATION_S)
            except Unheard:
                return None
            self._spoken_to = IsoDep(self._exchange, abilities_of(ats))
        return self._spoken_to

    def _still_there(self) -> bool:
        return self._spoken_to is not None and self._spoken_to.is_there()

    def _exchange(self, frame: bytes, wait_s: float) -> bytes:
        """Exchange one frame with a Type A card: one command to the chip, at the speed the card was found at.

        A frame that is lost between chip and host is no worse than one lost in the
        field: the card is asked again, which takes less time than beginning anew.

        Raises:
            Unheard: Silence, or noise, or a damaged frame.
        """
        index = next((i for i in range(1, 16) if _WAIT_UNIT_S * (1 << i - 1) >= wait_s), 16)
        if index != self._wait_index:
            self._chipset.rf_configuration(_TIMINGS, bytes([0x00, 0x0B, index]))
            self._wait_index = index
        self._failure = None
        try:
            return bytes(self._chipset.in_communicate_thru(frame, wait_s + _ON_THE_WAY_S))
        except pn532.Chipset.Error as exc:
            if exc.errno in _NOT_OF_THE_CARD:
                self._failure = exc
            raise Unheard from exc
        except _LINE_ERRORS as exc:
            if is_hung_up(self._line):
                raise
            self._failure = exc
            self._settle()
            raise Unheard from exc

    def _settle(self) -> None:
        """After a failure, have the chip give up its work, and let what it still says pass.

        An answer that comes late would be taken for that of the next command, and so on.
        """
        self._chipset.send_ack()
        self._line.timeout = _QUIET_S
        deadline_s = time.monotonic() + LATE_LOOK_S
        while self._line.read(_CHUNK_BYTES) and time.monotonic() < deadline_s:
            pass

    def _set_baud(self, baud: int) -> None:
        if self._line.baudrate == baud:
            return
        self._chipset.set_serial_baudrate(baud)
        self._line.flush()
        time.sleep(_SWITCH_S)
        self._line.baudrate = baud


def _card_of_type_a(found: Any) -> FoundCard | None:
    """The card behind target data: SENS_RES (2), SEL_RES, length of the number, the number."""
    return _card(found[4 : 4 + found[3]], technology_of(found[2]))


def _card_of_type_f(found: Any) -> FoundCard | None:
    """The card behind target data: length, 01, IDm (8), PMm (8); `None` for none."""
    return None if found is None else _card(found[2:10], Technology.FELICA)


def _card_of_type_1(target: Any) -> FoundCard | None:
    """The card behind what nfcpy found; `None` for none."""
    if target is None or target.rid_res is None:
        return None
    return _card(target.rid_res[2:6], Technology.TYPE_1)


def _card(value: Any, technology: Technology) -> FoundCard | None:
    """A card with this number; `None` for one whose number makes no sense (it is read again)."""
    try:
        return FoundCard(Uid(bytes(value)), technology)
    except ValueError:
        log.debug("a card answered with a number of %d bytes", len(value))
        return None


@contextmanager
def line_errors(line: Any, port: str) -> Iterator[None]:
    """Turn every way the line can fail into `ReaderGone`."""
    try:
        yield
    except _LINE_ERRORS as exc:
        raise ReaderGone(ReaderFault.UNPLUGGED if is_hung_up(line) else _fault_of(exc), port) from exc


def _fault_of(exc: BaseException) -> ReaderFault:
    """Why the line failed.  nfcpy turns most errors into EIO, but leaves the first one as the context."""
    link: BaseException | None = exc
    while link is not None:
        if says_gone(link):
            return ReaderFault.UNPLUGGED
        if isinstance(link, OSError) and link.errno == errno.ETIMEDOUT:
            return ReaderFault.MUTE
        link = link.__context__
    return ReaderFault.GARBLED
