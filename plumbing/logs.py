"""Where logs go: a file or standard error for the journal, never the screen a person reads."""

import logging
import os
import sys
from collections.abc import Sequence
from logging.handlers import RotatingFileHandler, SysLogHandler
from pathlib import Path

from plumbing.errors import SettingsError
from plumbing.words import Sentence, why

SYSLOG = Path("/dev/log")
"""Where the journal listens for programs that speak syslog.  Source: systemd-journald(8)."""

LARGEST_FILE_BYTES = 2_000_000
"""Two files of this size are kept: weeks of a kiosk's life, and nothing on a small card."""


def to_file(path: Path, level: int = logging.INFO) -> None:
    """Send every log line to a rotating file: for programs that own the terminal.

    Under a service manager the journal gets it too: there, nobody sees what goes to the terminal.

    Raises:
        SettingsError: The file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=LARGEST_FILE_BYTES, backupCount=1, encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            Sentence("{file}: the log file cannot be written: {why}", file=path, why=why(error))
        ) from error
    _use([handler, *_journal()], level)


def to_journal() -> None:
    """Send log lines to the journal if a service manager started us; else only errors are heard."""
    handlers = _journal()
    if handlers:
        _use(handlers, logging.INFO)
    elif logging.lastResort is not None:
        logging.lastResort.setLevel(logging.ERROR)


def to_standard_error(level: int = logging.INFO) -> None:
    """Send every log line to standard error: for services, whose journal keeps them."""
    _use([logging.StreamHandler(sys.stderr)], level)


def leave_file() -> None:
    """Let go of the log file, whose folder is about to go; what is said later is said to nobody."""
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, RotatingFileHandler)]:
        root.removeHandler(handler)
        root.addHandler(logging.NullHandler())
        handler.close()


def kept() -> bool:
    """Say whether log lines go anywhere but to the terminal."""
    return any(isinstance(each, RotatingFileHandler | SysLogHandler) for each in logging.getLogger().handlers)


def keep_failure(error: BaseException) -> None:
    """Keep a traceback where somebody will look for it; the terminal gets it anyway."""
    if kept():
        logging.getLogger(__name__).critical("ended by an unforeseen error", exc_info=error)


def _journal() -> list[logging.Handler]:
    """Return the way to the journal, if a service manager started this program and listens."""
    if "INVOCATION_ID" not in os.environ or not SYSLOG.is_socket():
        return []
    return [SysLogHandler(str(SYSLOG))]


def _use(handlers: Sequence[logging.Handler], level: int) -> None:
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.close()
    for handler in handlers:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        root.addHandler(handler)
    root.setLevel(level)
    for chatty in ("amqtt", "transitions", "uvicorn.access", "alembic", "nfc", "PIL"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
