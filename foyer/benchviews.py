"""The two views that `foyer bench screen` goes between: a lobby, and a greeting with three people to meet.

Every person in them is invented.
"""

from kiosk.core.pieces import Card, Chip, Choice, Constellation, Span
from kiosk.core.views import Greeting, Lobby

LAST_WORDS = "Tête baissée"
"""What stands lowest in the greeting: once it is written, everything is."""

_NAMES = "Amina Jules Léa Tomasz Noémie Farid Inès Oscar Yuki".split()


def lobby(clock: str) -> Lobby:
    """Return a lobby of twelve people at some time of the day."""
    return Lobby(
        space_name="Le Nook",
        clock=clock,
        date="samedi 21 novembre",
        date_secondary="Saturday 21 November",
        present_count=12,
        present_line="12 présents",
        present_line_secondary="12 here now",
        names=tuple(Chip(name, name[0], n % 7) for n, name in enumerate(_NAMES)),
        others_line="et 3 autres",
        looking_for_title="On cherche aujourd'hui",
        looking_for=("une traduction du polonais", "un avis sur un devis", "quelqu'un pour le yoga"),
        tap_title="Badgez",
        tap_line="et rencontrez trois personnes",
        tap_line_secondary="Tap your badge, meet three people",
        met_week_line="14 rencontres cette semaine",
        constellation=Constellation(
            stars=tuple(n * 5 % 7 for n in range(26)), links=((0, 3), (3, 8), (8, 13), (1, 4), (4, 9), (2, 7))
        ),
    )


def greeting(noted: str) -> Greeting:
    """Return a greeting with three people to meet."""
    moods = ("Envie de discuter", "Je cherche…", "Juste bonjour", LAST_WORDS)
    return Greeting(
        headline="Bonjour Léa",
        noted=noted,
        subtitle="Trois personnes à rencontrer aujourd'hui",
        cards=(
            _card("Amina", 0, "Traductrice", "une traduction du polonais"),
            _card("Tomasz", 5, "Jeux vidéo", "tarifs de licence"),
            _card("Yuki", 4, "Cuisinière", "un jardin partagé"),
        ),
        question_label="Pour briser la glace",
        question="« Quel outil de ton métier garderais-tu sur une île ? »",
        mood_label="Ton humeur du jour",
        moods=tuple(Choice(str(n), label) for n, label in enumerate(moods, start=1)),
        language="fr",
    )


def _card(name: str, tint: int, trade: str, words: str) -> Card:
    return Card(
        name=name,
        initial=name[0],
        tint=tint,
        trade=trade,
        slot_label="Conseil",
        reason=(Span("Tu cherches « "), Span(words, strong=True), Span(f" » : {name} s'y connaît.")),
        place="Atelier, table 4",
    )
