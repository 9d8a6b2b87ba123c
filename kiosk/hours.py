"""The space's hours, read from what the hub says of it."""

import logging
from datetime import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from community.clock import Hours
from community.members import Space

log = logging.getLogger(__name__)


def hours_of(space: Space) -> Hours:
    """Return a space's hours; what cannot be read falls back on the defaults, loudly."""
    try:
        return Hours(ZoneInfo(space.timezone), time.fromisoformat(space.closing))
    except (ZoneInfoNotFoundError, ValueError):
        log.warning("the space's time zone or closing time cannot be read: using the defaults")
        default = Space()
        return Hours(ZoneInfo(default.timezone), time.fromisoformat(default.closing))
