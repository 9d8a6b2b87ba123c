"""An iCalendar file as calendars on phones and computers read it (RFC 5545).

Pure but for what icalendar itself looks up of time zones.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

UID_BYTES = 16
"""Of an entry's id: no two entries ever have the same by chance."""

READ_EVERY = timedelta(minutes=15)
"""How often readers are asked to look again: as often as the hub itself does."""

PRODUCT = "-//Foyer//Agenda//EN"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a calendar."""

    title: str
    starts: datetime | date
    """Aware; or a day, for all of it."""
    ends: datetime | None = None
    """Aware; `None` where nobody said, and for all of a day."""
    place: str = ""
    """Empty if nobody said."""

    def uid(self, house: str) -> str:
        """Return by what readers know it again: the same whenever the file is made, another in another house.

        The end is no part of it: what lasts longer than it was to is still the same.
        """
        begins = self.starts.timestamp() if isinstance(self.starts, datetime) else self.starts.isoformat()
        told = "\x00".join((house, self.title, str(begins), self.place))
        return f"{blake2b(told.encode(), digest_size=UID_BYTES).hexdigest()}@{house}.foyer"


def write(entries: Iterable[Entry], name: str, house: str, zone: ZoneInfo, made: datetime) -> bytes:
    """Write a calendar.

    Args:
        entries: In any order; one that is there twice is written once.
        name: What readers call the calendar.
        house: The space's id.
        zone: Of the times; its rules are in the file.
        made: Now, aware.
    """
    from icalendar import Calendar, Event  # 10 MB and a quarter of a second, for who publishes only

    calendar = Calendar()
    for key, value in (("prodid", PRODUCT), ("version", "2.0"), ("x-wr-calname", name)):
        calendar.add(key, value)
    calendar.add("x-wr-timezone", zone.key)
    calendar.add("refresh-interval", READ_EVERY, parameters={"value": "DURATION"})
    days: list[date] = [made.astimezone(zone).date()]
    for uid, entry in {entry.uid(house): entry for entry in entries}.items():
        event = Event()
        event.add("uid", uid)
        event.add("dtstamp", made.astimezone(UTC))  # RFC 5545, 3.8.7.2: always in UTC
        event.add("summary", entry.title)
        event.add("dtstart", _local(entry.starts, zone))
        if entry.ends is not None:
            event.add("dtend", _local(entry.ends, zone))
        if entry.place:
            event.add("location", entry.place)
        calendar.add_component(event)
        days.append(_day(_local(entry.starts, zone)))
    year = timedelta(days=366)  # a whole one each way: both changes of the clocks are in it
    calendar.add_missing_timezones(min(days) - year, max(days) + year)
    content: bytes = calendar.to_ical()
    return content


def _local(when: datetime | date, zone: ZoneInfo) -> datetime | date:
    return when.astimezone(zone) if isinstance(when, datetime) else when


def _day(when: datetime | date) -> date:
    return when.date() if isinstance(when, datetime) else when
