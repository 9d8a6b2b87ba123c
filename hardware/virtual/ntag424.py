"""An NTAG 424 DNA: its memory, and what it answers to commands.

No clock; chance is an argument.  Commands and answers are whole APDUs (status word last); `cards`
carries them over the air.  As on the chip, an error ends the authentication, a change of one key or of
the settings of a file is done whole or not at all, and what was being written may be half there.

Source: NT4H2421Gx data sheet rev. 3.0, sections 8 to 10; AN12196 rev. 2.0.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from hardware import secure_session
from hardware.secure_badge import KEY_BYTES, LARGEST_COUNTER, UID_BYTES
from hardware.secure_session import MAC_BYTES, Session, checksum
from hardware.virtual.ntag424_memory import FREE, SDM, File, blank_files

APPLICATION = bytes.fromhex("D2760000850101")
"""Name of the one application on the chip: that of every NFC Forum Type 4 tag."""

OK, MORE, DONE = b"\x90\x00", b"\x91\xaf", b"\x91\x00"
NOT_FOUND, REFUSED, WRONG_PLACE, UNKNOWN = b"\x6a\x82", b"\x69\x82", b"\x6a\x86", b"\x6d\x00"
ILLEGAL, UNSOUND, NO_SUCH_KEY = b"\x91\x1c", b"\x91\x1e", b"\x91\x40"
WRONG_LENGTH, DENIED, NOT_PROVED = b"\x91\x7e", b"\x91\x9d", b"\x91\xae"
_ISO_FILES = {0xE103: 1, 0xE104: 2, 0xE105: 3}
_VERSION = (bytes.fromhex("04040230001105"), bytes.fromhex("04040201021105"))
_KEYS = 5
_SELECT, _READ_BINARY, _UPDATE_BINARY, _BY_NAME = 0xA4, 0xB0, 0xD6, 0x04
_ISO_CLASS, _OWN_CLASS, _GO_ON = 0x00, 0x90, 0xAF
_SHORTEST_APDU, _LENGTH_AT, _FILE_NAME_BYTES = 4, 4, 2
_WHERE_BYTES = 7  # of WriteData: file, offset (3), length (3)
_OPEN_SETTINGS_BYTES, _SDM_SETTINGS_BYTES = 3, 15
_RANDOM_UID = 0x02


@dataclass(slots=True)
class _Life:
    """What the chip forgets when the field goes."""

    selected: bool = False
    file: int | None = None
    was_read: bool = False
    """Whether the file was read since it was selected: later reads belong to the same message."""
    asking: tuple[int, bytes] | None = None
    """A key, and what its holder was asked."""
    session: Session | None = None
    number: int = 0
    """Of the key that was proved."""
    pages: list[bytes] = field(default_factory=list)
    """What GetVersion still has to say."""


class Ntag424:
    """One chip, as it leaves the factory unless changed.

    Args:
        uid: Its number, 7 bytes.
        draw: Gives so many random bytes; a test may make it predictable.

    Raises:
        ValueError: The number has another length.
    """

    def __init__(self, uid: bytes, draw: Callable[[int], bytes] = secrets.token_bytes) -> None:
        if len(uid) != UID_BYTES:
            raise ValueError("an NTAG 424 has a UID of 7 bytes")
        self.uid = uid
        self.hides_uid = False
        """Whether it draws another number for each presentation."""
        self.keys = [(bytes(KEY_BYTES), 0) for _ in range(_KEYS)]
        """Each key, and its version."""
        self.failures = 0
        """Authentications in vain since it was made; a real chip slows down and blocks a key in the end."""
        self.files = blank_files()
        self._draw = draw
        self._life = _Life()
        self._native: dict[int, Callable[[bytes], bytes]] = {
            0x51: self._card_uid,
            0x5C: self._configure,
            0x5F: self._change_settings,
            0x60: self._version,
            0x64: self._key_version,
            0x71: self._authenticate,
            0x8D: self._write_data,
            0xAF: self._go_on,
            0xC4: self._change_key,
            0xF5: self._settings,
        }

    def shown_number(self) -> bytes:
        """The number it shows when it is touched now."""
        return b"\x08" + self._draw(3) if self.hides_uid else self.uid

    def field_off(self) -> None:
        """Forget what it was doing; its memory stays."""
        self._life = _Life()

    def command(self, apdu: bytes) -> bytes:
        """Carry one command out, and answer it."""
        if len(apdu) < _SHORTEST_APDU:
            return UNKNOWN
        if apdu[0] == _ISO_CLASS:
            return self._iso(apdu)
        if apdu[0] != _OWN_CLASS or apdu[2:4] != b"\0\0":
            return UNKNOWN
        data = apdu[_LENGTH_AT + 1 : -1]
        run = self._native.get(apdu[1])
        if not self._life.selected or run is None:
            return ILLEGAL
        if apdu[1] != _GO_ON:
            self._life.asking, self._life.pages = None, []
        answer = run(data)
        if answer[-2:] not in {DONE, MORE}:
            self._life.session = None
        return answer

    def torn(self, apdu: bytes) -> None:
        """Begin a command that the loss of the field cuts off in the middle: only a write leaves a trace."""
        if apdu[:2] == b"\x00\xd6":
            half = (len(apdu) - 5) // 2
            self._iso(apdu[:4] + bytes([half]) + apdu[5 : 5 + half])
        self.field_off()

    # ISO/IEC 7816-4 commands

    def _iso(self, apdu: bytes) -> bytes:
        code, size, data = apdu[1], apdu[_LENGTH_AT] if len(apdu) > _LENGTH_AT else 0, apdu[_LENGTH_AT + 1 :]
        if code == _SELECT and apdu[2] == _BY_NAME:
            self._life = _Life(selected=data[:size] == APPLICATION)
            return OK if self._life.selected else NOT_FOUND
        if not self._life.selected:
            return NOT_FOUND if code == _SELECT else REFUSED
        number, place = self._life.file, int.from_bytes(apdu[2:4], "big")
        if code == _SELECT and len(data) >= _FILE_NAME_BYTES:
            self._life.file = _ISO_FILES.get(int.from_bytes(data[:_FILE_NAME_BYTES], "big"))
            self._life.was_read = False
            return NOT_FOUND if self._life.file is None else OK
        if code == _READ_BINARY and number is not None:
            return self._read(self.files[number], place, size or 256)
        if code == _UPDATE_BINARY and number is not None:
            return self._update(self.files[number], place, data[:size])
        return UNKNOWN

    def _read(self, file: File, place: int, size: int) -> bytes:
        if not self._may(file.rights()[0], file.rights()[2]):
            return REFUSED
        if place >= len(file.content):
            return WRONG_PLACE
        content = bytes(file.content)
        if file.sdm and self._life.session is None:
            if not self._life.was_read:
                if file.counter >= LARGEST_COUNTER:
                    return REFUSED
                file.counter += 1
            content = file.mirrored(self.uid, [key for key, _ in self.keys], self._draw(5))
        self._life.was_read = True
        return content[place : place + size] + OK

    def _update(self, file: File, place: int, data: bytes) -> bytes:
        if not self._may(file.rights()[1], file.rights()[2]):
            return REFUSED
        if place + len(data) > len(file.content):
            return WRONG_PLACE
        file.content[place : place + len(data)] = data
        return OK

    def _may(self, *rights: int) -> bool:
        proved = self._life.number if self._life.session is not None else None
        return any(right in {FREE, proved} for right in rights)

    # The chip's own commands

    def _version(self, _: bytes) -> bytes:
        shown = bytes(7) if self.hides_uid else self.uid
        self._life.pages = [_VERSION[1], shown + bytes.fromhex("CF0000000013") + b"\x25"]
        return _VERSION[0] + MORE

    def _key_version(self, data: bytes) -> bytes:
        if len(data) != 1:
            return WRONG_LENGTH
        return bytes([self.keys[data[0]][1]]) + DONE if data[0] < _KEYS else NO_SUCH_KEY

    def _authenticate(self, data: bytes) -> bytes:
        if not data or data[0] >= _KEYS:
            return NO_SUCH_KEY if data else WRONG_LENGTH
        self._life.session = None
        challenge = self._draw(KEY_BYTES)
        self._life.asking = (data[0], challenge)
        return secure_session.asked(self.keys[data[0]][0], challenge) + MORE

    def _go_on(self, data: bytes) -> bytes:
        if self._life.pages:
            page = self._life.pages.pop(0)
            return page + (MORE if self._life.pages else DONE)
        asking, self._life.asking = self._life.asking, None
        if asking is None:
            return ILLEGAL
        number, challenge = asking
        done = secure_session.agreed(self.keys[number][0], data, challenge, self._draw(4))
        if done is None:
            self.failures += 1
            return NOT_PROVED
        self._life.session, self._life.number = done[1], number
        return done[0] + DONE

    def _settings(self, data: bytes) -> bytes:
        file = self.files.get(data[0]) if len(data) == 1 else None
        if file is None:
            return WRONG_LENGTH
        size = len(file.content).to_bytes(3, "little")
        return b"\0" + file.settings[:3] + size + file.settings[3:] + DONE

    def _change_settings(self, data: bytes) -> bytes:
        file = self.files.get(data[0]) if data else None
        if file is None:
            return WRONG_LENGTH
        allowed = self._life.session is not None and file.rights()[3] in {self._life.number, FREE}
        if not allowed:
            return DENIED
        settings = self._unprotected(0x5F, data, 1)
        if settings is None:
            return UNSOUND
        sdm = bool(settings) and bool(settings[0] & SDM)
        if len(settings) != (_SDM_SETTINGS_BYTES if sdm else _OPEN_SETTINGS_BYTES):
            return WRONG_LENGTH
        if sdm and not file.sdm:
            file.counter = 0  # a message from before could be said again: SDM is turned on once
        file.settings = settings
        return self._answered(b"")

    def _change_key(self, data: bytes) -> bytes:
        if not data or data[0] >= _KEYS:
            return NO_SUCH_KEY if data else WRONG_LENGTH
        if self._life.session is None or self._life.number != 0:
            return NOT_PROVED
        plain, number = self._unprotected(0xC4, data, 1), data[0]
        if plain is None:
            return UNSOUND
        if number == 0:
            if len(plain) != KEY_BYTES + 1:
                return WRONG_LENGTH
            self.keys[0] = (plain[:KEY_BYTES], plain[KEY_BYTES])
            self._life.session = None  # its key is no more
            return DONE
        if len(plain) != KEY_BYTES + 5:
            return WRONG_LENGTH
        new = bytes(a ^ b for a, b in zip(plain[:KEY_BYTES], self.keys[number][0], strict=True))
        if checksum(new) != plain[KEY_BYTES + 1 :]:
            return UNSOUND
        self.keys[number] = (new, plain[KEY_BYTES])
        return self._answered(b"")

    def _configure(self, data: bytes) -> bytes:
        if self._life.session is None or self._life.number != 0:
            return NOT_PROVED
        plain = self._unprotected(0x5C, data, 1)
        if plain is None or data[0] != 0 or len(plain) != 1:
            return UNSOUND
        self.hides_uid |= bool(plain[0] & _RANDOM_UID)  # never taken back
        return self._answered(b"")

    def _card_uid(self, data: bytes) -> bytes:
        session = self._life.session
        if session is None:
            return NOT_PROVED
        if session.unprotect(0x51, b"", data) is None:
            return UNSOUND
        return self._answered(session.hide_answer(self.uid))

    def _write_data(self, data: bytes) -> bytes:
        file = self.files.get(data[0]) if len(data) >= _WHERE_BYTES else None
        if file is None:
            return WRONG_LENGTH
        if not self._may(file.rights()[1], file.rights()[2]):
            return DENIED
        place, size = (int.from_bytes(data[i : i + 3], "little") for i in (1, 4))
        is_open = not file.settings[0] & 3 or FREE in file.rights()[1:3]
        content = data[_WHERE_BYTES:] if is_open else self._unprotected(0x8D, data, _WHERE_BYTES)
        if content is None:
            return UNSOUND
        if len(content) != size or place + size > len(file.content):
            return WRONG_LENGTH
        file.content[place : place + size] = content
        return self._answered(b"", plain=is_open)

    def _unprotected(self, code: int, data: bytes, header: int) -> bytes | None:
        """The data behind the header of a command in mode "full"; `None` if it is not sound."""
        session = self._life.session
        if session is None or len(data) < header + MAC_BYTES:
            return None
        return session.unprotect(code, data[:header], data[header:])

    def _answered(self, said: bytes, *, plain: bool = False) -> bytes:
        """An answer that succeeded, with its MAC if there is a session."""
        session = self._life.session
        if session is None:
            return said + DONE
        self._life.session = session.after_command()
        return said + (b"" if plain else session.answer_mac(said)) + DONE
