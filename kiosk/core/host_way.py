"""The way to the host's pages: who is shown it, and what is said where it is closed.

Pure.
"""

from community.ids import MemberId
from community.members import Member
from kiosk.core.keys import HOST_KEY
from kiosk.core.pieces import Choice
from kiosk.core.sentences import Words
from kiosk.core.speaker import Speaker
from kiosk.core.views import RefusedBadge


def host_choice(words: Words) -> Choice:
    """Return the way to these pages, on the greeting and the card of whoever looks after the place."""
    return Choice(HOST_KEY, words.gettext("Host"))


def with_host(choices: tuple[Choice, ...], words: Words, member: Member | None) -> tuple[Choice, ...]:
    """Return what may be chosen on a greeting or card, with the way in for whoever looks after the place."""
    return (*choices, host_choice(words)) if member is not None and member.host else choices


def no_pin(speaker: Speaker, host: MemberId) -> RefusedBadge:
    """Return what is said to a host who has no PIN yet."""
    words = speaker.words(speaker.language(host))
    return RefusedBadge(
        headline=words.gettext("A PIN is needed here"),
        lines=(
            words.gettext("These pages open with your badge and your PIN, and you have none yet."),
            words.gettext("On the dashboard: Members and badges, your name, PIN."),
        ),
    )
