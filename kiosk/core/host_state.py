"""How the kiosk does, in plain words: what, and what to do where something is wrong.

Pure.
"""

from dataclasses import dataclass
from datetime import datetime

from kiosk.core.pieces import HostRow
from kiosk.core.sentences import Words
from kiosk.core.speaker import Speaker

DISK_FULL_PERCENT = 90
"""From here on somebody should look: the ballast is used up at 100."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the kiosk now."""

    name: str = ""
    version: str = ""
    addresses: tuple[str, ...] = ()
    """In the network; empty without one."""
    hub_reachable: bool = False
    hub_last: datetime | None = None
    """When it last answered (aware, UTC); `None` for not since the start."""
    waiting: int = 0
    """Events the hub has not acknowledged."""
    reader: str = ""
    """`ready`, `lost`, or empty where there is none, or before it spoke."""
    door: str = ""
    """The same for the microcontroller."""
    disk_percent: int = 0
    clock_synced: bool = True


def state_rows(words: Words, speaker: Speaker, facts: Facts) -> tuple[HostRow, ...]:
    """Return a row for each thing, in the host's words; `wrong` where something is to be done."""
    return (
        _network(words, facts),
        _hub(words, speaker, facts),
        _waiting(words, facts),
        _reader(words, facts),
        _door(words, facts),
        _disk(words, facts),
        _clock(words, facts),
        HostRow(
            words.gettext("Program"),
            words.gettext("Foyer {version}, kiosk {name}").format(version=facts.version, name=facts.name),
        ),
    )


def _network(words: Words, facts: Facts) -> HostRow:
    title = words.gettext("Network")
    if not facts.addresses:
        return HostRow(title, words.gettext("No network. Look at the cable or the Wi-Fi."), wrong=True)
    return HostRow(title, ", ".join(facts.addresses[:2]))


def _hub(words: Words, speaker: Speaker, facts: Facts) -> HostRow:
    title = words.gettext("Hub")
    if facts.hub_reachable:
        return HostRow(title, words.gettext("Answers."))
    if facts.hub_last is None:
        return HostRow(title, words.gettext("No answer yet. Is its machine on?"), wrong=True)
    line = words.gettext("No answer since {time}. Is its machine on?")
    return HostRow(title, line.format(time=speaker.time(words, facts.hub_last)), wrong=True)


def _waiting(words: Words, facts: Facts) -> HostRow:
    title = words.gettext("Waiting to be sent")
    if facts.waiting == 0:
        return HostRow(title, words.gettext("Nothing: the hub has everything."))
    line = words.ngettext(
        "{count} note, safe here, is sent by itself.",
        "{count} notes, safe here, are sent by themselves.",
        facts.waiting,
    )
    return HostRow(title, line.format(count=facts.waiting))


def _reader(words: Words, facts: Facts) -> HostRow:
    title = words.gettext("Badge reader")
    match facts.reader:
        case "ready":
            return HostRow(title, words.gettext("Works."))
        case "lost":
            return HostRow(title, words.gettext("Does not answer. Look at its cable."), wrong=True)
        case _:
            return HostRow(title, words.gettext("None has answered yet."))


def _door(words: Words, facts: Facts) -> HostRow:
    title = words.gettext("Light and sensors at the door")
    match facts.door:
        case "ready":
            return HostRow(title, words.gettext("Work."))
        case "lost":
            return HostRow(title, words.gettext("Do not answer. Look at their cable."), wrong=True)
        case _:
            return HostRow(title, words.gettext("There are none."))


def _disk(words: Words, facts: Facts) -> HostRow:
    title, percent = words.gettext("Disk"), facts.disk_percent
    if percent >= DISK_FULL_PERCENT:
        line = words.gettext("Filled to {percent} %. Free some space soon.")
        return HostRow(title, line.format(percent=percent), wrong=True)
    return HostRow(title, words.gettext("Filled to {percent} %.").format(percent=percent))


def _clock(words: Words, facts: Facts) -> HostRow:
    title = words.gettext("Clock")
    if facts.clock_synced:
        return HostRow(title, words.gettext("Right."))
    return HostRow(title, words.gettext("Not certain until there is a network."), wrong=True)
