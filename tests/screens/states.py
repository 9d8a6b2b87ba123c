"""Every view in every state that looks different, and a sentence about each for the gallery.

`samples.EVERY_VIEW` holds each view as it usually is; here stand the states that differ from it in what
is drawn: fewer cards, a chosen mood, nobody or everybody present, trouble.
"""

import re
from collections.abc import Callable
from dataclasses import replace

import samples

from kiosk.core.pieces import Chip, Choice, Trouble
from kiosk.core.views import View

LANGUAGES = ("fr", "en")

GRIDS = {(80, 25): (16, 32), (120, 33): (16, 32), (160, 45): (12, 24)}
"""Columns and rows of the gallery, and the pixels of one cell there: a touch panel of 1280x800, and two ways
to divide a screen of 1920x1080."""

CROWD_NAMES = (
    "Amina Jules Léa Tomasz Noémie Farid Inès Oscar Yuki Chloé Björn Zoé Anouk Malik Priya Ewa Siân Naïma Ugo"
).split()


def _chosen(moods: tuple[Choice, ...], key: str) -> tuple[Choice, ...]:
    return tuple(replace(mood, chosen=mood.key == key) for mood in moods)


def _crowd(size: int) -> tuple[Chip, ...]:
    names = [CROWD_NAMES[n % len(CROWD_NAMES)] for n in range(size)]
    return tuple(Chip(name, name[0], n % 7) for n, name in enumerate(names))


_FEWER = {"fr": ("Une personne", "Deux personnes"), "en": ("One person", "Two people")}
_TO_MEET = {"fr": "à rencontrer aujourd'hui", "en": "to meet today"}
_NOBODY = {"fr": ("Personne encore", "Nobody yet"), "en": ("Nobody yet", "Personne encore")}
_CROWD = {"fr": ("300 présents", "300 here now"), "en": ("300 here now", "300 présents")}
_TROUBLE = {
    "fr": Trouble("Serveur injoignable, 3 en attente", "Hub not reachable, 3 waiting"),
    "en": Trouble("Hub not reachable, 3 waiting", "Serveur injoignable, 3 en attente"),
}
_UNSURE = {"fr": "heure à vérifier", "en": "clock not set"}


def _greeting(code: str, cards: int) -> View:
    subtitle = f"{_FEWER[code][cards - 1]} {_TO_MEET[code]}"
    return replace(samples.GREETING[code], cards=samples.CARDS[code][:cards], subtitle=subtitle)


def _lobby(code: str, line: dict[str, tuple[str, str]], size: int) -> View:
    return replace(
        samples.LOBBY[code],
        present_count=size,
        present_line=line[code][0],
        present_line_secondary=line[code][1],
        names=_crowd(size),
        others_line="" if not size else samples.LOBBY[code].others_line,
    )


def _in_both(make: Callable[[str], View]) -> dict[str, View]:
    return {code: make(code) for code in LANGUAGES}


STATES: dict[str, dict[str, View]] = {
    "nobody_lobby": _in_both(lambda code: _lobby(code, _NOBODY, 0)),
    "crowded_lobby": _in_both(lambda code: _lobby(code, _CROWD, 300)),
    "troubled_lobby": _in_both(lambda code: replace(samples.LOBBY[code], trouble=_TROUBLE[code])),
    "untimed_lobby": _in_both(lambda code: replace(samples.LOBBY[code], clock_uncertain=_UNSURE[code])),
    "two_cards": _in_both(lambda code: _greeting(code, 2)),
    "one_card": _in_both(lambda code: _greeting(code, 1)),
    "chosen_mood": _in_both(
        lambda code: replace(samples.GREETING[code], moods=_chosen(samples.MOODS[code], "2"))
    ),
    "no_mood": _in_both(lambda code: replace(samples.GREETING[code], moods=(), mood_label="")),
    "empty_own_card": _in_both(
        lambda code: replace(
            samples.OWN_CARD[code],
            cards=(),
            subtitle="",
            question="",
            question_label="",
            empty_line=samples.EMPTY_GREETING[code].empty_line,
        )
    ),
    "closed_own_card": _in_both(lambda code: replace(samples.OWN_CARD[code], leave_within_s=0.0)),
    "two_languages_met": _in_both(
        lambda code: replace(
            samples.MET[code], line_secondary=samples.MET["en" if code == "fr" else "fr"].line
        )
    ),
}
"""By name, then by language."""

EVERY_STATE: dict[str, dict[str, View]] = {**samples.EVERY_VIEW, **STATES}
"""Everything the gallery shows and the snapshots hold, by name, then by language."""

SENTENCES = {
    "lobby": "The screen at rest: who is in, what people here look for today, and where to put the badge.",
    "table_lobby": "The lobby on a day with a table: a coffee or a lunch that anybody may still join.",
    "awake_lobby": "The lobby when somebody stands before it: the invitation is large.",
    "asleep_lobby": "The lobby when nobody has been near for a while: dimmed, never dark.",
    "forgotten_lobby": "The lobby of a space whose members have PINs: there is a way in without a badge.",
    "nobody_lobby": "The lobby before the first person has come.",
    "crowded_lobby": "The lobby with three hundred people in: the names that fit, the others counted.",
    "troubled_lobby": "The lobby while the hub is out of reach: one quiet bar, and nothing is lost.",
    "untimed_lobby": "The lobby before the clock is set: times are said to be uncertain.",
    "greeting": "An arrival: three people to meet now, each with the reason, and a first question.",
    "two_cards": "An arrival with two people to meet.",
    "one_card": "An arrival with one person to meet.",
    "empty_greeting": "An arrival when nobody fits right now: it says what happens next.",
    "second_greeting": "Two arrive at once: the second is greeted, the first shrinks to a strip.",
    "chosen_mood": "The mood of the day, chosen in one key, one touch or one button.",
    "no_mood": "An arrival in a space that does not ask for moods.",
    "invited_greeting": "An arrival with an invitation to a table: one more tap says yes.",
    "own_card": "Back at the door: whom to meet now, and the seconds in which another tap means leaving.",
    "closed_own_card": "The same once those seconds are over.",
    "empty_own_card": "Back at the door when nobody fits right now.",
    "invited_own_card": "A seat at a table is offered: the next tap takes it.",
    "expected_own_card": "The seat is taken: one is expected at the table.",
    "own_card_with_buttons": "The same at a door with buttons: each mood says which button chooses it.",
    "farewell": "Leaving, noted; another tap takes it back.",
    "farewell_with_buttons": "Leaving, at a door with buttons.",
    "asking_farewell": "Leaving, and one question about an introduction of today, answered in one key.",
    "asking_farewell_with_buttons": "The same question at a door with buttons.",
    "met": "Two members said that they met: noted for both, and can be taken back.",
    "two_languages_met": "The same for two people who speak different languages.",
    "met_with_buttons": "Two members met, at a door with buttons.",
    "unknown": "A badge that nobody has linked: the code by which a host finds it. Never a dead end.",
    "random": "A phone or a bank card, which has another number each time: why it cannot be a badge.",
    "forgotten_random": "The same where members have PINs: there is a way in without a badge.",
    "refused": "A lost or revoked badge: please see the host. Nothing is said about whose it was.",
    "hold still": "A badge lifted too soon: nothing happened, and what to do.",
    "typed_pin": "A PIN being typed: dots only.",
    "wrong_pin": "A PIN that was not right.",
    "typed_name": "A badge left at home: the name is typed, nobody is listed.",
    "wrong_name": "A name or a PIN that was not right: which of them is not said.",
    "trouble": "The kiosk cannot note taps, and says so.",
}
"""What the gallery says of a state; without a line here, the first one of its view's docstring."""


def sentence(name: str) -> str:
    """Return what to say of a state."""
    return SENTENCES.get(name) or str(type(EVERY_STATE[name]["en"]).__doc__).partition("\n")[0]


def file_name(name: str) -> str:
    """Return a state's name as a file's, without an ending."""
    return re.sub(r"\W+", "-", name.replace("_", "-"))
