"""Where logs go: a file or standard error for the journal, never the screen a person reads."""

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

LARGEST_FILE_BYTES = 2_000_000
"""Two files of this size are kept: weeks of a kiosk's life, and nothing on a small card."""


def to_file(path: Path, level: int = logging.INFO) -> None:
    """Send every log line to a rotating file: for programs that own the terminal."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=LARGEST_FILE_BYTES, backupCount=1, encoding="utf-8")
    _use(handler, level)


def to_standard_error(level: int = logging.INFO) -> None:
    """Send every log line to standard error: for services, whose journal keeps them."""
    _use(logging.StreamHandler(sys.stderr), level)


def _use(handler: logging.Handler, level: int) -> None:
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(level)
    for chatty in ("amqtt", "transitions", "uvicorn.access", "alembic", "nfc", "PIL"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
