"""Whether the space's calendar can be read: asked anew, as the hub asks, with nothing kept."""

from datetime import timedelta
from typing import assert_never

from foyer.doctor.findings import Finding, Say, broken, notice, works
from plumbing.clock import Clock
from sync.agenda.apart import read_apart
from sync.agenda.asked import Asked, Reading, Trouble
from sync.settings import HubSettings


async def check(settings: HubSettings, say: Say) -> list[Finding]:
    """Read the calendar, if one is set, and say what came of it."""
    if not settings.agenda.calendar:
        return []
    today = settings.space.hours.day_of(Clock().at())
    reading = await read_apart(Asked(settings.agenda.calendar, settings.space.timezone, today))
    name = settings.agenda.name
    if reading.trouble is not None:
        what = say("The calendar at {name} cannot be read: {why}").format(
            name=name, why=_why(reading.trouble, say).format(detail=reading.detail)
        )
        return [broken(what, _cure(reading.trouble, say))]
    on = {agenda.day: len(agenda.moments) for agenda in reading.agendas}
    what = say("The calendar at {name} can be read: {today} today, {tomorrow} tomorrow.").format(
        name=name, today=on.get(today, 0), tomorrow=on.get(today + timedelta(days=1), 0)
    )
    return [works(what), *_left_out(reading, say)]


def _left_out(reading: Reading, say: Say) -> list[Finding]:
    found = []
    if reading.broken:
        what = say("Entries of the calendar that could not be read: {count}. The others count.")
        found.append(notice(what.format(count=reading.broken)))
    if reading.private:
        what = say("Entries of the calendar marked as private, which are never shown: {count}.")
        found.append(notice(what.format(count=reading.private)))
    return found


def _why(trouble: Trouble, say: Say) -> str:  # noqa: C901 - one sentence a trouble, closed by assert_never
    match trouble:
        case Trouble.NO_SUCH_HOST:
            return say("nobody knows that name.")
        case Trouble.UNREACHABLE:
            return say("nothing answers there.")
        case Trouble.SLOW:
            return say("it takes too long to answer.")
        case Trouble.TLS:
            return say("its certificate does not hold.")
        case Trouble.STATUS:
            return say("it answers {detail}.")
        case Trouble.ELSEWHERE:
            return say("it sends us on to an address without encryption, or in circles.")
        case Trouble.NO_CALENDAR:
            return say("what comes is no calendar.")
        case Trouble.TOO_LARGE:
            return say("it is larger than 10 MB.")
        case Trouble.NO_FILE:
            return say("there is no such file.")
        case Trouble.FILE_CLOSED:
            return say("this user may not read that file.")
        case Trouble.GAVE_UP:
            return say("reading it took too long.")
        case _:
            assert_never(trouble)


def _cure(trouble: Trouble, say: Say) -> str:
    match trouble:
        case Trouble.NO_SUCH_HOST | Trouble.UNREACHABLE | Trouble.SLOW | Trouble.TLS:
            return say(
                "Look at calendar under [agenda] in the hub's settings, and at this machine's network."
            )
        case Trouble.STATUS | Trouble.ELSEWHERE | Trouble.NO_CALENDAR:
            return say(
                "Copy the iCal address from the calendar anew (it ends in .ics most often), and write it "
                "under [agenda] in the hub's settings."
            )
        case Trouble.TOO_LARGE | Trouble.GAVE_UP:
            return say("Use a calendar that holds the space's own moments only.")
        case Trouble.NO_FILE | Trouble.FILE_CLOSED:
            return say("Put the file there, readable by the user foyer, or change calendar under [agenda].")
        case _:
            assert_never(trouble)
