"""A notice in words: warm, short, and nothing in it that its reader may not know."""

from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from community.members import Member
from plumbing.words import SOURCE, Say, Words, languages, words_of
from sync.notices.kinds import Kind

LOCALE = Path(__file__).parents[1] / "locale"
"""What the hub says in other languages than English."""


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody reads."""

    title: str
    body: str


class Texts:
    """Every notice in every language.  Made once."""

    def __init__(self, space: str, locale: Path = LOCALE) -> None:
        """`space` is what people call it."""
        self._space = space
        self._words = {code: words_of("hub", locale, code) for code in languages("hub", locale)}

    @property
    def spoken(self) -> Container[str]:
        """The languages there are."""
        return self._words.keys()

    def text(self, kind: Kind, language: str, *, name: str = "", where: str = "", code: str = "") -> Text:
        """Return a notice in words.

        Args:
            kind: What it is of.
            language: Two letters; English where it is not spoken.
            name: Who is in, where the notice is of a member who may be named.
            where: The kiosk; empty for the hub.
            code: What is to be typed, where that is what it is about.
        """
        words = self._words.get(language, self._words[SOURCE])
        title, body = _said(kind, words, bool(where))
        blanks = {"name": name, "where": where, "code": code, "space": self._space}
        return Text(title.format(**blanks), body.format(**blanks))


def language_of(member: Member, spoken: Container[str], otherwise: str) -> str:
    """Return the first of a member's languages that is spoken here."""
    return next((language for language in member.languages if language in spoken), otherwise)


def _said(kind: Kind, words: Words, at_a_kiosk: bool) -> tuple[str, str]:  # noqa: FBT001 - one of two places
    gettext = words.gettext
    match kind:
        case Kind.BOTH_IN:
            return gettext("{name} is in"), gettext(
                "{name} is at {space} right now, as you are. You asked to hear of it, once: enjoy the chat!"
            )
        case Kind.GUEST:
            return gettext("Somebody is here for you"), gettext(
                "A guest at the door of {space} has asked for you just now."
            )
        case Kind.CHANGED:
            return gettext("The hosts of {space} changed something of yours"), gettext(
                "It is about your profile or a badge. What it was stands on your own page, under “What hosts "
                "changed”; if it is not right, tell them."
            )
        case Kind.SILENT:
            return gettext("The kiosk {where} is silent"), gettext(
                "The hub of {space} has not heard the kiosk {where} for five minutes. Is it switched on, and "
                "is its network there? Taps there are kept and come later."
            )
        case Kind.QUARANTINE:
            return gettext("Something could not be understood"), gettext(
                "A kiosk of {space} sent something that the hub could not read. Nothing is lost: it waits on "
                "the dashboard for somebody to look at it."
            )
        case Kind.DISK:
            return _disk(gettext, at_a_kiosk)
        case Kind.BADGES:
            return gettext("A badge waits to be linked"), gettext(
                "Somebody tapped a badge at {space} that nobody has linked yet. It takes two clicks on the "
                "dashboard."
            )
        case Kind.TEST:
            return gettext("A test from {space}"), gettext("It works: notices of {space} arrive here.")
        case Kind.CONFIRM:
            return gettext("{code} is the code of {space}"), gettext(
                "Type {code} on your page of {space}, and notices will come here. If that was not you, do "
                "nothing: nothing more will come."
            )
        case _:
            assert_never(kind)


def _disk(gettext: Say, at_a_kiosk: bool) -> tuple[str, str]:  # noqa: FBT001 - as above
    if at_a_kiosk:
        return gettext("The disk of the kiosk {where} is nearly full"), gettext(
            "The kiosk {where} of {space} has less than a tenth of its disk left. Free some space before "
            "it can keep no more taps."
        )
    return gettext("The hub’s disk is nearly full"), gettext(
        "The hub of {space} has less than a tenth of its disk left. Free some space before it can "
        "keep no more taps."
    )
