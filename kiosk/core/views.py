"""What the screen shows, as data.

Every view is a frozen value holding finished strings: already translated,
already in the right person's language, already free of anything a member did
not choose to show.  Whoever draws a view decides sizes, fonts and colours, and
nothing else.

Pure: no translation, no clock, no I/O, and no knowledge of the screen library.
"""

from dataclasses import dataclass

from kiosk.core.pieces import (
    Attention,
    Card,
    Chip,
    Choice,
    Constellation,
    HostRow,
    Invitation,
    MomentLine,
    TableNotice,
    Trouble,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lobby:
    """The screen at rest: who is here, what they look for, and where to put the badge."""

    space_name: str
    clock: str
    """The time as it is read: "09:42".  A new `Lobby` is shown each minute."""
    date: str
    """"samedi 21 novembre"."""
    date_secondary: str = ""
    """The same in the space's second language; empty when it has one language."""
    clock_uncertain: str = ""
    """Said beside the clock while it is not synchronised; empty when it is."""
    present_count: int
    """Everybody present, the unnamed included; 0 or more."""
    present_line: str
    """"12 présents"."""
    present_line_secondary: str = ""
    names: tuple[Chip, ...] = ()
    """Those present who chose to be named, the latest arrival first."""
    others_line: str = ""
    """"et 3 autres"; empty when everybody present is named."""
    looking_for_title: str = ""
    """"On cherche aujourd'hui"; empty when `looking_for` is."""
    looking_for_title_secondary: str = ""
    looking_for: tuple[str, ...] = ()
    """What people here look for today, a few words each, other ones every day; without names."""
    offering_title: str = ""
    """"On propose aujourd'hui"; empty when `offering` is."""
    offering_title_secondary: str = ""
    offering: tuple[str, ...] = ()
    """What people here offer, a few words each; other ones every day, without names."""
    moments_title: str = ""
    """"Aujourd'hui"; empty when `moments` is."""
    moments_title_secondary: str = ""
    moments: tuple[MomentLine, ...] = ()
    """What of today is going on or still to come, the next first; tomorrow's once nothing more is."""
    calm_line: str = ""
    """Something kind where nobody looks for or offers anything; empty elsewhere."""
    calm_line_secondary: str = ""
    tap_title: str
    """"Badgez": the one thing to do here."""
    tap_line: str
    tap_line_secondary: str = ""
    tables: tuple[TableNotice, ...] = ()
    """Tables of today that are still to come, the next one first; 0 to 2."""
    met_week_line: str = ""
    """"14 rencontres cette semaine"; empty while it would be a sad number."""
    met_week_line_secondary: str = ""
    forgotten: Choice | None = None
    """The way in by name and PIN; `None` where nobody has a PIN."""
    guest: Choice | None = None
    """The way in for a guest who comes to see somebody; `None` where guests are not asked."""
    help_line: str = ""
    """"Badge oublié ? Camille est à l'accueil"; empty when nobody is."""
    trouble: Trouble | None = None
    constellation: Constellation | None = None
    attention: Attention = Attention.USUAL
    shown_for_s: float | None = None
    """Always `None`: the lobby stays."""


@dataclass(frozen=True, slots=True)
class GreetingSummary:
    """A greeting shrunk to a strip because another member has arrived: never merged with theirs."""

    name: str
    initial: str
    tint: int
    """0 to `TINTS` - 1."""
    line: str
    """"Léa, à rencontrer : Amina, Tomasz, Yuki": the whole strip as one sentence."""
    names: tuple[str, ...]
    """The names on the cards of the earlier greeting, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """An arrival: the member's name and up to three people to meet, in the member's own language."""

    headline: str
    """"Bonjour Léa"."""
    noted: str
    """"Entrée notée, 9 h 42"."""
    subtitle: str
    """"Trois personnes à rencontrer aujourd'hui"; empty when there is no card."""
    visitor_line: str = ""
    """"Quelqu'un est là pour toi depuis 10 h 05"; empty if nobody came."""
    occasion: str = ""
    """A sentence for this day only: a first visit, or how long they have been coming; empty on other days."""
    cards: tuple[Card, ...] = ()
    """0 to `CARDS_AT_MOST`, the best first."""
    question_label: str = ""
    """"Pour briser la glace"."""
    question: str = ""
    """A first question to ask, quotation marks included; empty when there is no card."""
    mood_label: str = ""
    """"Votre humeur du jour"."""
    moods: tuple[Choice, ...] = ()
    """In the order of `MOOD_KEYS`, then the way to the host's pages for whoever looks after the place; empty
    when moods are not asked here."""
    empty_line: str = ""
    """Shown in the place of cards when nobody fits now: kind, and says what happens next."""
    table: Invitation | None = None
    small: GreetingSummary | None = None
    """The greeting shown just before, if its reader may still be standing here."""
    earlier: tuple[GreetingSummary, ...] = ()
    """Those shown before that one, likewise, the newest first; 0 to 2."""
    own_page: str = ""
    """The address of their own page, to be shown as a QR code; empty for none."""
    own_page_line: str = ""
    """What the code opens: "Ta page, pendant deux minutes"."""
    large: bool = False
    """Whether they asked for large letters: one person to meet at a time, nothing small."""
    language: str
    """The language of every string here ("fr", "en")."""
    shown_for_s: float | None = 25.0
    """Seconds, above 0, until the lobby returns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCard:
    """A member who is in taps again: whom to meet now, the mood, and how to leave."""

    headline: str
    since_line: str
    """"Ici depuis 9 h 42"."""
    visitor_line: str = ""
    """"Quelqu'un est là pour toi depuis 10 h 05"; empty if nobody came."""
    subtitle: str = ""
    cards: tuple[Card, ...] = ()
    """0 to `CARDS_AT_MOST`, the best first."""
    question_label: str = ""
    question: str = ""
    leave_line: str
    """"Badgez encore dans les 8 s pour partir"."""
    """Or whatever else a tap would mean now; empty if nothing."""
    leave_within_s: float
    """Seconds for which a tap means that, 0 for not at all.  The bar beside `leave_line`."""
    leave_closed_line: str = ""
    """Replaces `leave_line` once that time is over; empty leaves the place empty."""
    mood_label: str = ""
    moods: tuple[Choice, ...] = ()
    empty_line: str = ""
    table: Invitation | None = None
    own_page: str = ""
    """The address of their own page, to be shown as a QR code; empty for none."""
    own_page_line: str = ""
    """What the code opens: "Ta page, pendant deux minutes"."""
    large: bool = False
    """Whether they asked for large letters: one person to meet at a time, nothing small."""
    language: str
    shown_for_s: float | None = 25.0
    """Seconds, above 0, until the lobby returns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Farewell:
    """A check-out that has been recorded, and how to take it back."""

    headline: str
    """"À bientôt Léa"."""
    line: str
    """"Sortie notée, 17 h 05", or that an answer was noted."""
    question: str = ""
    """"As-tu pu parler avec Anouk aujourd'hui ?"; empty when there is nothing (more) to ask."""
    answers: tuple[Choice, ...] = ()
    """In the order of `ANSWER_KEYS`; none of them is ever shown as chosen: the next in line reads along."""
    undo_line: str = ""
    """What `UNDO_KEY` does, on a button: "Annuler"; empty when nothing can be undone by key."""
    stay_line: str = ""
    """What another tap does, where that is not the same; empty when it is."""
    tint: int = 0
    large: bool = False
    """Whether they asked for large letters."""
    language: str
    shown_for_s: float | None = 8.0
    """Seconds, above 0; undoing is possible for as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetNotice:
    """Two members who met: recorded for both."""

    first: Chip
    second: Chip
    line: str
    """"Rencontre notée. Bonne discussion !"."""
    line_secondary: str = ""
    """The same for the second person, when their language is another."""
    undo_line: str = ""
    shown_for_s: float | None = 8.0
    """Seconds, above 0; undoing is possible for as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownBadge:
    """A badge nobody has linked yet, with the code by which the host finds it.  Never a dead end."""

    headline: str
    headline_secondary: str = ""
    code: str
    """The short code, letters and digits as they are read aloud: "K7 42"."""
    lines: tuple[str, ...]
    """What to do, a sentence each."""
    lines_secondary: tuple[str, ...] = ()
    shown_for_s: float | None = 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomBadge:
    """A phone or bank card with a new number at each tap: why it cannot be a badge, and what can."""

    headline: str
    headline_secondary: str = ""
    lines: tuple[str, ...]
    lines_secondary: tuple[str, ...] = ()
    forgotten: Choice | None = None
    """The way in by name and PIN; `None` where nobody has a PIN."""
    shown_for_s: float | None = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedBadge:
    """A lost or revoked badge: please see the host.  Says nothing about whose it was."""

    headline: str
    headline_secondary: str = ""
    lines: tuple[str, ...]
    lines_secondary: tuple[str, ...] = ()
    shown_for_s: float | None = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestNotice:
    """What a guest reads who said whom they come to see: the same whoever that is."""

    headline: str
    headline_secondary: str = ""
    lines: tuple[str, ...]
    lines_secondary: tuple[str, ...] = ()
    shown_for_s: float | None = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldStill:
    """A badge was taken away before it had said everything: nothing happened, and what to do."""

    headline: str
    headline_secondary: str = ""
    lines: tuple[str, ...]
    lines_secondary: tuple[str, ...] = ()
    shown_for_s: float | None = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Typing:
    """Something is typed here: a name, or a PIN, of which only dots are shown."""

    headline: str
    headline_secondary: str = ""
    line: str
    """What to type, or what became of it."""
    line_secondary: str = ""
    typed: str = ""
    """What may be shown of what is typed."""
    rows: tuple[tuple[Choice, ...], ...]
    """The keys to touch, row by row; each row fills the width."""
    wrong: bool = False
    """Whether `line` says that something was not right."""
    shown_for_s: float | None = 30.0
    """Seconds, above 0, after the last key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPage:
    """A page for whoever looks after the place: what there is to know, and what there is to do."""

    headline: str
    line: str = ""
    rows: tuple[HostRow, ...] = ()
    """At most `kiosk.core.host.LISTED`."""
    choices: tuple[Choice, ...] = ()
    """Each with its key; the way out last."""
    language: str
    shown_for_s: float | None = 60.0
    """Seconds, above 0, after the last key; `None` stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleScreen:
    """The kiosk cannot record taps (reader lost, disk full, database unreadable) and says so honestly."""

    headline: str
    headline_secondary: str = ""
    what: str
    """What is wrong, in words anybody understands."""
    what_secondary: str = ""
    what_to_do: str
    """The one thing to do now."""
    what_to_do_secondary: str = ""
    shown_for_s: float | None = None
    """`None`: stays until the trouble is over."""


View = (
    Lobby
    | Greeting
    | OwnCard
    | Farewell
    | MetNotice
    | UnknownBadge
    | RandomBadge
    | RefusedBadge
    | GuestNotice
    | HoldStill
    | Typing
    | HostPage
    | TroubleScreen
)
"""Everything the screen can show; matched with `assert_never`, so a new view cannot be forgotten."""
