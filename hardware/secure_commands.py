"""What is said to an NTAG 424 DNA, command by command.

Pure: the caller lends a way to transmit a command (`hardware.reader.Transmit`); `CardLifted` passes through.
ISO commands begin with 00 and end with 90 00 when all is well, the chip's own with 90 and 91 00.

Source: NT4H2421Gx data sheet rev. 3.0, section 10.
"""

from enum import Enum

from hardware import secure_session
from hardware.errors import HardwareError
from hardware.reader import Transmit
from hardware.secure_badge import SunMessage, find_message
from hardware.secure_session import Session, new_key_data

KEY_NUMBERS = 5
"""Keys on the chip: 0 to 4."""

MESSAGE_FILE = 2
"""The chip's number of the file that holds the message; ISO calls it E104."""

TEMPLATE = b"foyer:?e=" + b"0" * 32 + b"&c=" + b"0" * 16
"""What stands in the file, where the chip puts its message in the place of the zeros: an address that no
telephone knows how to open, so that none sends the message anywhere."""

CONTENT = bytes([0, len(TEMPLATE) + 5, 0xD1, 1, len(TEMPLATE) + 1, 0x55, 0]) + TEMPLATE
"""The whole of the file that is used: its length (2), and one NDEF record of type URI."""

_PICC_AT = CONTENT.index(b"?e=") + 3
_MAC_AT = CONTENT.index(b"&c=") + 3

OPEN_SETTINGS = bytes.fromhex("00E0EE")
"""As the factory sets the file: read and written by anybody, settings changed with key 0."""

SETTINGS = bytes.fromhex("4000E0C1F013") + b"".join(
    at.to_bytes(3, "little") for at in (_PICC_AT, _MAC_AT, _MAC_AT)
)
"""SDM on, read by anybody, written with key 0; UID and counter under key 1, MAC under key 3, in ASCII.
The MAC begins where it stands, so it covers UID and counter and nothing else."""

_SELECT_APPLICATION = bytes.fromhex("00A4040007D276000085010100")
_SELECT_FILE = bytes.fromhex("00A4000C02E104")
_READ = bytes.fromhex("00B00000") + bytes([len(CONTENT)])
_UPDATE = bytes.fromhex("00D60000") + bytes([len(CONTENT)]) + CONTENT
_ISO_DONE, _MORE, _DONE = b"\x90\x00", b"\x91\xaf", b"\x91\x00"
_UNSOUND = b"\x91\x1e"
_SETTINGS_SIZE = 3  # and the file's size as many: before and after it stand the settings


class Refused(HardwareError):  # noqa: N818 - what the card said, not a mistake
    """The card did not do what it was asked, with a right to it as far as we know."""

    def __init__(self, code: int, answer: bytes) -> None:
        super().__init__(f"the badge refused command {code:02X}: {answer[-2:].hex().upper() or 'no answer'}")


class Changed(Enum):
    """How a change of a key ended."""

    DONE = "done"
    WRONG_OLD_KEY = "wrong old key"
    """The chip had another one; it has it still, and the authentication is over."""


def select_application(transmit: Transmit) -> bool:
    """Choose the application that holds files and keys; `False` for a card that has none of this name."""
    return transmit(_SELECT_APPLICATION)[-2:] == _ISO_DONE


def read_message(transmit: Transmit) -> SunMessage | None:
    """Have the chip make a message; `None` if it makes none.  The application must be selected."""
    if transmit(_SELECT_FILE)[-2:] != _ISO_DONE:
        return None
    answer = transmit(_READ)
    return find_message(answer[:-2]) if answer[-2:] == _ISO_DONE else None


def write_content(transmit: Transmit) -> None:
    """Write what the chip puts its message into; the file must be open to everybody.

    Raises:
        Refused: It cannot be written.
    """
    for command in (_SELECT_FILE, _UPDATE):
        answer = transmit(command)
        if answer[-2:] != _ISO_DONE:
            raise Refused(command[1], answer)


def key_version(transmit: Transmit, number: int) -> int | None:
    """Return the version of a key, 0 from the factory: told to anybody.  `None` if it is not told."""
    answer = transmit(_native(0x64, bytes([number])))
    return answer[0] if answer[1:] == _DONE else None


def file_settings(transmit: Transmit) -> bytes:
    """Return the settings of the file with the message, in the form in which they are set.

    Raises:
        Refused: The chip does not tell them.
    """
    answer = transmit(_native(0xF5, bytes([MESSAGE_FILE])))
    if answer[-2:] != _DONE or len(answer) < 1 + 2 * _SETTINGS_SIZE + 2:
        raise Refused(0xF5, answer)
    return answer[1 : 1 + _SETTINGS_SIZE] + answer[1 + 2 * _SETTINGS_SIZE : -2]


def authenticate(transmit: Transmit, number: int, key: bytes, challenge: bytes) -> Session | None:
    """Have chip and reader prove to each other that they know a key; `None` if one of them does not.

    Args:
        transmit: The application must be selected.
        number: Of the key, 0 to 4.
        key: 16 bytes.
        challenge: 16 random bytes, never the same.
    """
    said = transmit(_native(0x71, bytes([number, 0])))
    reply = secure_session.replied(key, said[:-2], challenge) if said[-2:] == _MORE else None
    if reply is None:
        return None
    word = transmit(_native(0xAF, reply[0]))
    if word[-2:] != _DONE:
        return None
    return secure_session.concluded(key, word[:-2], challenge, reply[1])


def change_settings(transmit: Transmit, session: Session, settings: bytes) -> Session:
    """Set who may do what with the file, and whether it holds a message; in a session of key 0.

    Raises:
        Refused: It was not done.
    """
    return _commanded(transmit, session, 0x5F, bytes([MESSAGE_FILE]), settings)


def hide_number(transmit: Transmit, session: Session) -> Session:
    """Have the chip show another number each time it is touched, for ever; in a session of key 0.

    Raises:
        Refused: It was not done.
    """
    return _commanded(transmit, session, 0x5C, b"\0", b"\x02")


def true_number(transmit: Transmit, session: Session) -> bytes:
    """Return the chip's own number, 7 bytes, in a session of any key.

    Raises:
        Refused: It does not tell it.
    """
    answer = transmit(_native(0x51, session.protect(0x51, b"", b"")))
    number = session.open_answer(answer[:-2]) if answer[-2:] == _DONE else None
    if number is None:
        raise Refused(0x51, answer)
    return number


def change_key(
    transmit: Transmit, session: Session, number: int, old: bytes, new: bytes, version: int
) -> tuple[Changed, Session]:
    """Give the chip another key, in a session of key 0.

    Args:
        transmit: The application must be selected.
        session: Of key 0; over if that is the key that is changed.
        number: 0 to 4.
        old: What the chip has.
        new: What it is to have.
        version: What it is to tell of it, 0 to 255.

    Raises:
        Refused: It was not done, for another reason than a wrong old key.
    """
    header = bytes([number])
    data = new_key_data(number, old, new, version)
    answer = transmit(_native(0xC4, header + session.protect(0xC4, header, data)))
    if answer == _UNSOUND:
        return Changed.WRONG_OLD_KEY, session
    proved = number == 0 or session.is_answer(answer[:-2])  # with key 0 the session is gone: no MAC comes
    if answer[-2:] != _DONE or not proved:
        raise Refused(0xC4, answer)
    return Changed.DONE, session.after_command()


def _commanded(transmit: Transmit, session: Session, code: int, header: bytes, data: bytes) -> Session:
    answer = transmit(_native(code, header + session.protect(code, header, data)))
    if answer[-2:] != _DONE or not session.is_answer(answer[:-2]):
        raise Refused(code, answer)
    return session.after_command()


def _native(code: int, data: bytes) -> bytes:
    return bytes([0x90, code, 0, 0, len(data)]) + data + b"\0"
