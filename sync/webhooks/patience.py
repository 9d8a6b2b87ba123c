"""When a delivery that was not taken is tried again, and when it is given up.

Pure.

Source: the schedule of Standard Webhooks 1.0, cut at three days.
"""

MINUTE_S, HOUR_S = 60, 3600

WAITS_S = (
    *(5, MINUTE_S, 5 * MINUTE_S, 30 * MINUTE_S),
    *(2 * HOUR_S, 5 * HOUR_S, 10 * HOUR_S, 14 * HOUR_S, 20 * HOUR_S, 20 * HOUR_S),
)
"""Seconds from one try to the next; after the last one it is parked, not quite three days after the first."""

LONGEST_S = 3 * 24 * HOUR_S
"""Seconds after the first try at which nothing more is tried by itself, however few tries there were."""


def next_due_us(tries: int, first_us: int, now_us: int) -> int | None:
    """Return when to try again.

    Args:
        tries: How often it was tried, 1 or more.
        first_us: When first; microseconds since 1970 UTC.
        now_us: Now.

    Returns:
        Microseconds since 1970 UTC; `None` if it is given up.
    """
    if tries > len(WAITS_S):
        return None
    at_us = now_us + WAITS_S[tries - 1] * 1_000_000
    return None if at_us - first_us > LONGEST_S * 1_000_000 else at_us
