"""When things are due on a space's day.  Pure."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from community.clock import DAY_STARTS, Hours


def moment(day: date, clock_time: str, zone: tzinfo) -> datetime:
    """Return when local clocks show `clock_time` (HH:MM) on a space's day, in UTC.

    A time before the day turns belongs to the night that ends it.
    """
    local = time.fromisoformat(clock_time)
    calendar_day = day + timedelta(days=1) if local < DAY_STARTS else day
    return datetime.combine(calendar_day, local, zone).astimezone(UTC)


def next_day(at: datetime, hours: Hours) -> datetime:
    """Return when the day after that of `at` begins, in UTC."""
    return moment(hours.day_of(at) + timedelta(days=1), DAY_STARTS.isoformat("minutes"), hours.zone)
