"""What can go wrong in the pipes, in sentences an operator can act on."""

from enum import Enum


class PlumbingError(Exception):
    """Base of everything this package raises."""


class SettingsError(PlumbingError):
    """A settings file or environment variable is wrong; the message names file, key and cure."""


class WrongValueError(ValueError):
    """A settings class refuses the value of one of its own fields."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(f"{field}: {sentence}")
        self.field = field
        self.sentence = sentence
        """What is wrong and what to use instead, without the field's name."""


class DatabaseTrouble(Enum):
    """Why a database does not work."""

    FULL = "full"
    UNREADABLE = "unreadable"
    UNREACHABLE = "unreachable"
    NEWER = "newer"
    LOCKED = "locked"


class DatabaseError(PlumbingError):
    """A database refuses; nothing of the transaction was kept."""

    def __init__(self, trouble: DatabaseTrouble, sentence: str) -> None:
        super().__init__(sentence)
        self.trouble = trouble


class LineError(PlumbingError):
    """The MQTT line cannot be set up as asked; the message says what and where."""
