"""The PN532 itself: what it answers to each command.

No I/O and no clock: the caller brings commands in and carries answers out,
and waits as long as the answer says the chip worked.  Only what a badge reader
needs is here; target mode, NFC-DEP and Type B are not.

Source: PN532 user manual UM0701-02, section 7; facts that satisfy nfcpy's
driver were found by running it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from hardware.virtual.cards import TYPE_2_ACK, Card, Felica, Topaz, TypeA

TFI_HOST = 0xD4
"""First byte of every command."""
TFI_CHIP = 0xD5
"""First byte of every answer."""

FIRMWARE = bytes([0x32, 0x01, 0x06, 0x07])
"""IC (PN532), version 1, revision 6, and support for Types A, B and ISO 18092."""

BAUDS = (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600, 1288000)
"""Speeds of the serial line, by the index SetSerialBaudrate uses."""

POWER_ON_BAUD = 115200
"""Speed after power-on; SetSerialBaudrate lasts until the power goes."""

IN_LIST_PASSIVE_TARGET = 0x4A
"""Code of the command that looks for a card."""

_TX_MODE, _RX_MODE, _TX_CONTROL, _FIFO_DATA = 0x6302, 0x6303, 0x6304, 0x6339
_CRC_ON = 0x80
_FIELD_ON = 0x03
_SENS_REQ = 0x26
_STATUS_OK, _STATUS_TIMEOUT, _STATUS_CRC = b"\x00", b"\x01", b"\x02"
_CASCADE_TAG = 0x88


class Work(Enum):
    """How long an answer takes, in kind; the line's owner knows the seconds."""

    COMMAND = "command"
    """Only the chip's own processor was busy."""
    HIT = "hit"
    """A card was spoken to and answered."""
    MISS = "miss"
    """A card was called and the chip waited in vain."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the chip says to one command."""

    data: bytes | None
    """From the TFI on; `None` is the error frame."""
    work: Work = Work.COMMAND


class Chip:
    """One PN532 from power-on to power-off; a new one is made when the power comes back.  Not thread-safe."""

    def __init__(self) -> None:
        self.baud = POWER_ON_BAUD
        self.next_baud: int | None = None
        self.awake = False
        self._configured = False
        self._card: Card | None = None
        self._listed = False
        self._registers: dict[int, int] = {}
        self._commands: dict[int, Callable[[bytes], bytes | None]] = {
            0x00: self._diagnose,
            0x02: lambda _: FIRMWARE,
            0x04: self._general_status,
            0x06: self._read_registers,
            0x08: self._write_registers,
            0x10: self._set_serial_baudrate,
            0x12: lambda _: b"",
            0x14: self._sam_configuration,
            0x16: self._power_down,
            0x32: self._rf_configuration,
        }
        self._radio: dict[int, Callable[[bytes], bytes]] = {
            0x40: self._in_data_exchange,
            0x42: self._in_communicate_thru,
            IN_LIST_PASSIVE_TARGET: self._in_list_passive_target,
        }

    def put(self, card: Card | None) -> None:
        """Change what lies on the antenna; `None` for nothing."""
        if self._card is not None:
            self._card.field_off()
        self._card = card
        self._listed = False

    def hear(self, data: bytes) -> bytes:
        """The bytes that reach the chip's processor: asleep, it needs a long preamble of 00 to wake by."""
        if self.awake:
            return data
        self.awake = True
        return data if data.startswith(bytes(5)) else b""

    def switch_baud(self) -> None:
        """The host has taken the new speed."""
        if self.next_baud is not None:
            self.baud, self.next_baud = self.next_baud, None

    def execute(self, command: bytes) -> Answer:
        """Run one command.

        Args:
            command: From the TFI on, as a sound frame carried it.

        Returns:
            The answer, to be sent once the work is done.
        """
        if len(command) < 2 or command[0] != TFI_HOST:  # noqa: PLR2004 - TFI and code
            return Answer(None)
        code, parameters = command[1], command[2:]
        try:
            if code in self._radio:
                return self._execute_radio(code, parameters)
            result = self._commands[code](parameters) if code in self._commands else None
        except (IndexError, ValueError):  # parameters too short or out of range
            return Answer(None)
        return Answer(None if result is None else bytes([TFI_CHIP, code + 1]) + result)

    def _execute_radio(self, code: int, parameters: bytes) -> Answer:
        if not self._configured:  # in low-Vbat mode, before SAMConfiguration, the radio has no power
            return Answer(None)
        result = self._radio[code](parameters)
        missed = result[0] == (0 if code == IN_LIST_PASSIVE_TARGET else _STATUS_TIMEOUT[0])
        return Answer(bytes([TFI_CHIP, code + 1]) + result, Work.MISS if missed else Work.HIT)

    def _diagnose(self, parameters: bytes) -> bytes | None:
        if parameters[0] == 0:  # communication line test: everything comes back
            return parameters
        return _STATUS_OK if parameters[0] in {1, 2} else None  # ROM and RAM

    def _general_status(self, _: bytes) -> bytes:
        return bytes([0, 0, int(self._listed), 0x80])

    def _read_registers(self, parameters: bytes) -> bytes:
        pairs = (parameters[i : i + 2] for i in range(0, len(parameters), 2))
        return bytes(self._registers.get(int.from_bytes(pair, "big"), 0) for pair in pairs)

    def _write_registers(self, parameters: bytes) -> bytes:
        for i in range(0, len(parameters), 3):
            self._registers[int.from_bytes(parameters[i : i + 2], "big")] = parameters[i + 2]
        return b""

    def _set_serial_baudrate(self, parameters: bytes) -> bytes:
        self.next_baud = BAUDS[parameters[0]]
        return b""

    def _sam_configuration(self, parameters: bytes) -> bytes | None:
        if parameters[0] not in {1, 2, 3, 4}:
            return None
        self._configured = True
        return b""

    def _power_down(self, parameters: bytes) -> bytes:
        _ = parameters[0]  # wake-up sources must be named
        self._set_field(on=False)
        self.awake = False
        return _STATUS_OK

    def _rf_configuration(self, parameters: bytes) -> bytes:
        if parameters[0] == 1:
            self._set_field(on=bool(parameters[1] & 1))
        return b""

    def _set_field(self, *, on: bool) -> None:
        self._registers[_TX_CONTROL] = _FIELD_ON if on else 0
        if not on:
            self._listed = False
            if self._card is not None:
                self._card.field_off()

    def _in_list_passive_target(self, parameters: bytes) -> bytes:
        modulation, wanted = parameters[1], parameters[2:]
        self._set_field(on=True)
        self._registers[_TX_MODE] = self._registers[_RX_MODE] = _CRC_ON
        # nfcpy looks for the request in the FIFO: it is still there if nobody answered.
        self._registers[_FIFO_DATA] = 0 if isinstance(self._card, Topaz) else _SENS_REQ
        found = self._call(modulation, wanted)
        self._listed = found is not None
        return b"\x00" if found is None else b"\x01\x01" + found

    def _call(self, modulation: int, wanted: bytes) -> bytes | None:
        """The target data of the card that answers this modulation, or `None`."""
        card = self._card
        if modulation == 4 and isinstance(card, Topaz):  # noqa: PLR2004 - 106 kbit/s, Type 1
            return card.sens_res
        if modulation == 0 and isinstance(card, TypeA):
            if wanted and _without_cascade(wanted) != card.uid:
                return None
            card.select()
            return card.sens_res + card.sel_res + bytes([len(card.uid)]) + card.uid
        if modulation in {1, 2} and isinstance(card, Felica):
            if any(
                asked not in {0xFF, own} for asked, own in zip(wanted[1:3], card.system_code, strict=True)
            ):
                return None
            told = b"\x01" + card.idm + card.pmm + (card.system_code if wanted[3] == 1 else b"")
            return bytes([len(told) + 1]) + told
        return None

    def _in_data_exchange(self, parameters: bytes) -> bytes:
        answer = self._transceive(parameters[1:])
        return _STATUS_TIMEOUT if answer is None else _STATUS_OK + answer

    def _in_communicate_thru(self, parameters: bytes) -> bytes:
        answer = self._transceive(parameters)
        if answer is None:
            return _STATUS_TIMEOUT
        if self._registers[_RX_MODE] & _CRC_ON:
            # Without a CRC, an answer looks damaged while checking is on.
            return _STATUS_CRC if answer == TYPE_2_ACK else _STATUS_OK + answer
        return _STATUS_OK + (answer if answer == TYPE_2_ACK else answer + _crc_a(answer))

    def _transceive(self, frame: bytes) -> bytes | None:
        if not self._listed or not isinstance(self._card, TypeA | Topaz):
            return None
        return self._card.exchange(frame)


def _without_cascade(selected: bytes) -> bytes:
    """The UID meant by the selection data: a cascade tag opens each group but the last."""
    uid = b""
    while len(selected) > 4 and selected[0] == _CASCADE_TAG:  # noqa: PLR2004 - one cascade level
        uid, selected = uid + selected[1:4], selected[4:]
    return uid + selected


def _crc_a(data: bytes) -> bytes:
    """CRC_A of ISO 14443-3, low byte first."""
    crc = 0x6363
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x8408 if crc & 1 else 0)
    return crc.to_bytes(2, "little")
