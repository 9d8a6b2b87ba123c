"""Views with invented people, in both languages, for tests and for the pictures in the documentation."""

from dataclasses import replace

from community.badges import BadgeHash
from community.ids import MemberId
from community.members import Space
from community.reads import KnownBadge
from kiosk.bootstrap import LOCALE
from kiosk.core import visitors
from kiosk.core.asking import typing_of
from kiosk.core.buttons import marked
from kiosk.core.directory import Directory
from kiosk.core.entry import Entry, Said
from kiosk.core.pieces import (
    Attention,
    Card,
    Chip,
    Choice,
    Constellation,
    Invitation,
    MomentLine,
    Span,
    TableNotice,
    Trouble,
)
from kiosk.core.speaker import Speaker
from kiosk.core.views import (
    Farewell,
    Greeting,
    GreetingSummary,
    HoldStill,
    Lobby,
    MetNotice,
    OwnCard,
    RandomBadge,
    RefusedBadge,
    TroubleScreen,
    Typing,
    UnknownBadge,
    View,
)
from kiosk.hours import hours_of
from plumbing import words
from tests.screens import host_samples

CARDS = {
    "fr": (
        Card(
            name="Amina",
            initial="A",
            tint=0,
            trade="Traductrice",
            slot_label="Client ou partenaire",
            reason=(
                Span("Tu cherches « une "),
                Span("traduction du polonais", strong=True),
                Span(" » : Amina propose « "),
                Span("traduire à quatre mains", strong=True),
                Span(" »."),
            ),
            brief=(Span("Amina propose « "), Span("traduire à quatre mains", strong=True), Span(" ».")),
            for_them=(
                Span("Et pour Amina : ce que tu proposes, « "),
                Span("illustration jeunesse", strong=True),
                Span(" »."),
            ),
            place="Atelier, table 4",
        ),
        Card(
            name="Tomasz",
            initial="T",
            tint=5,
            trade="Jeux vidéo",
            slot_label="Conseil",
            reason=(
                Span("Il a déjà fixé ses "),
                Span("tarifs de licence", strong=True),
                Span(" : c'est ta question de la semaine."),
            ),
            brief=(Span("Il connaît les "), Span("tarifs de licence", strong=True), Span(".")),
            place="Studio, canapé",
        ),
        Card(
            name="Yuki",
            initial="Y",
            tint=4,
            trade="Cuisinière",
            slot_label="Voisinage",
            reason=(
                Span("Comme toi, elle rentre de "),
                Span("Lisbonne", strong=True),
                Span(" et vient au bureau à vélo."),
            ),
            place="Jardin",
        ),
    ),
    "en": (
        Card(
            name="Amina",
            initial="A",
            tint=0,
            trade="Translator",
            slot_label="Client or partner",
            reason=(
                Span("You are looking for a "),
                Span("translation", strong=True),
                Span(", she offers them. You both love "),
                Span("ceramics", strong=True),
                Span("."),
            ),
            brief=(Span("Amina offers "), Span("translations", strong=True), Span(".")),
            place="Workshop, table 4",
        ),
        Card(
            name="Tomasz",
            initial="T",
            tint=5,
            trade="Video games",
            slot_label="Advice",
            reason=(
                Span("He has already settled his "),
                Span("licence fees", strong=True),
                Span(": that is your question this week."),
            ),
            brief=(Span("He knows "), Span("licence fees", strong=True), Span(".")),
            place="Studio, sofa",
        ),
        Card(
            name="Yuki",
            initial="Y",
            tint=4,
            trade="Cook",
            slot_label="Neighbour",
            reason=(
                Span("Like you, she is just back from "),
                Span("Lisbon", strong=True),
                Span(" and cycles to work."),
            ),
            place="Garden",
        ),
    ),
}

MOODS = {
    "fr": (
        Choice("1", "Envie de discuter"),
        Choice("2", "Je cherche…"),
        Choice("3", "Juste bonjour"),
        Choice("4", "Tête baissée"),
    ),
    "en": (
        Choice("1", "Open to a chat", chosen=True),
        Choice("2", "Looking for…"),
        Choice("3", "Just hello"),
        Choice("4", "Heads-down"),
    ),
}

GREETING = {
    "fr": Greeting(
        headline="Bonjour Léa",
        noted="Entrée notée, 9 h 42",
        subtitle="Trois personnes à rencontrer aujourd'hui",
        cards=CARDS["fr"],
        question_label="Pour briser la glace",
        question="« Quel outil de ton métier garderais-tu sur une île ? »",
        mood_label="Ton humeur du jour",
        moods=MOODS["fr"],
        language="fr",
    ),
    "en": Greeting(
        headline="Hello Léa",
        noted="Checked in, 9:42",
        subtitle="Three people to meet today",
        cards=CARDS["en"],
        question_label="To break the ice",
        question="“Which tool of your trade would you take to an island?”",
        mood_label="Your mood today",
        moods=MOODS["en"],
        language="en",
    ),
}

EMPTY_GREETING = {
    "fr": Greeting(
        headline="Bonjour Léa",
        noted="Entrée notée, 9 h 42",
        subtitle="",
        empty_line="Personne à te présenter pour l'instant. Badge encore à l'heure du café.",
        mood_label="Ton humeur du jour",
        moods=MOODS["fr"],
        language="fr",
    ),
    "en": Greeting(
        headline="Hello Léa",
        noted="Checked in, 9:42",
        subtitle="",
        empty_line="Nobody to introduce just now. Tap again at coffee time.",
        mood_label="Your mood today",
        moods=MOODS["en"],
        language="en",
    ),
}

SECOND_GREETING = {
    "fr": Greeting(
        headline="Bonjour Farid",
        noted="Entrée notée, 9 h 43",
        subtitle="Deux personnes à rencontrer aujourd'hui",
        cards=CARDS["fr"][:2],
        question_label="Pour briser la glace",
        question="« Que ferais-tu d'une journée sans écran ? »",
        moods=MOODS["fr"],
        small=GreetingSummary(
            "Léa", "L", 2, "Léa, à rencontrer : Amina, Tomasz, Yuki", ("Amina", "Tomasz", "Yuki")
        ),
        language="fr",
    ),
    "en": Greeting(
        headline="Hello Farid",
        noted="Checked in, 9:43",
        subtitle="One person to meet today",
        cards=CARDS["en"][1:2],
        question_label="To break the ice",
        question="“What would you do with a day without screens?”",
        moods=MOODS["en"],
        small=GreetingSummary(
            "Léa", "L", 2, "Léa, to meet: Amina, Tomasz, Yuki", ("Amina", "Tomasz", "Yuki")
        ),
        language="en",
    ),
}

RUSHED_GREETING = {
    language: replace(
        view,
        earlier=(
            GreetingSummary("Amina", "A", 0, earlier[0], ()),
            GreetingSummary("Jules", "J", 1, earlier[1], ("Inès", "Oscar")),
        ),
    )
    for (language, view), earlier in zip(
        SECOND_GREETING.items(),
        (
            ("Amina, bienvenue", "Jules, à rencontrer : Inès, Oscar"),
            ("Amina, welcome", "Jules, to meet: Inès, Oscar"),
        ),
        strict=True,
    )
}
"""Three who were greeted just before may still be reading."""

NAMES = (
    Chip("Amina", "A", 0),
    Chip("Jules", "J", 1),
    Chip("Léa", "L", 2),
    Chip("Tomasz", "T", 5),
    Chip("Noémie", "N", 4),
    Chip("Farid", "F", 3),
    Chip("Inès", "I", 6),
    Chip("Oscar", "O", 1),
    Chip("Yuki", "Y", 4),
)

SKY = Constellation(
    stars=tuple((i * 5 + i // 7) % 7 for i in range(26)),
    links=(
        (0, 3),
        (3, 8),
        (8, 13),
        (1, 4),
        (4, 9),
        (2, 7),
        (7, 10),
        (5, 18),
        (6, 11),
        (11, 16),
        (12, 15),
        (20, 23),
    ),
)

LOBBY = {
    "fr": Lobby(
        space_name="Le Nook",
        clock="09:42",
        date="samedi 21 novembre",
        date_secondary="Saturday 21 November",
        present_count=12,
        present_line="12 présents",
        present_line_secondary="12 here now",
        names=NAMES,
        others_line="et 3 autres",
        looking_for_title="On cherche aujourd'hui",
        looking_for_title_secondary="wanted today",
        looking_for=("une traduction du polonais", "un avis sur un devis", "quelqu'un pour le yoga"),
        tap_title="Badgez",
        tap_line="et rencontrez trois personnes",
        tap_line_secondary="Tap your badge, meet three people",
        met_week_line="14 rencontres cette semaine",
        met_week_line_secondary="14 introductions this week",
        help_line="Badge oublié ? Camille est à l'accueil",
        constellation=SKY,
    ),
    "en": Lobby(
        space_name="The Nook",
        clock="9:42",
        date="Saturday 21 November",
        date_secondary="samedi 21 novembre",
        present_count=12,
        present_line="12 here now",
        present_line_secondary="12 présents",
        names=NAMES,
        others_line="and 3 others",
        looking_for_title="Wanted today",
        looking_for_title_secondary="on cherche aujourd'hui",
        looking_for=("a translation from Polish", "an opinion on a quote", "somebody for yoga"),
        tap_title="Tap here",
        tap_line="and meet three people",
        tap_line_secondary="Badgez, rencontrez trois personnes",
        met_week_line="14 introductions this week",
        help_line="No badge? Ask Camille",
        trouble=Trouble("Hub not reachable, 3 waiting", "Serveur injoignable, 3 en attente"),
        constellation=SKY,
    ),
}

PAGE = "https://foyer.le-nook.example/moi/7Kx2QpZ4w"

CELEBRATING_GREETING = {
    "fr": replace(
        GREETING["fr"],
        occasion="Déjà un an parmi nous\u202f!",
        own_page=PAGE,
        own_page_line="Ta page, pendant deux minutes",
    ),
    "en": replace(
        GREETING["en"],
        occasion="One year with us already!",
        own_page=PAGE,
        own_page_line="Your page, for two minutes",
    ),
}
"""With something to celebrate, and the code of one's own page."""

LARGE_GREETING = {code: replace(view, large=True) for code, view in CELEBRATING_GREETING.items()}
"""For somebody who asked for large letters."""

OWN_CARD = {
    "fr": OwnCard(
        headline="Te revoilà Léa",
        since_line="Ici depuis 9 h 42",
        subtitle="À rencontrer maintenant",
        cards=CARDS["fr"],
        question_label="Pour briser la glace",
        question="« Quel outil de ton métier garderais-tu sur une île ? »",
        leave_line="Badge encore dans les 8 s pour partir",
        leave_within_s=8,
        leave_closed_line="Pour partir, badge deux fois",
        moods=MOODS["fr"],
        language="fr",
    ),
    "en": OwnCard(
        headline="Hello again Léa",
        since_line="Here since 9:42",
        subtitle="To meet now",
        cards=CARDS["en"],
        question_label="To break the ice",
        question="“Which tool of your trade would you take to an island?”",
        leave_line="Tap again within 8 s to leave",
        leave_within_s=8,
        leave_closed_line="To leave, tap twice",
        moods=MOODS["en"],
        language="en",
    ),
}

LARGE_OWN_CARD = {
    code: replace(view, large=True, own_page=PAGE, own_page_line=CELEBRATING_GREETING[code].own_page_line)
    for code, view in OWN_CARD.items()
}

FAREWELL = {
    "fr": Farewell(
        headline="À bientôt Léa", line="Sortie notée, 17 h 05", undo_line="Annuler", tint=2, language="fr"
    ),
    "en": Farewell(
        headline="See you soon Léa", line="Checked out, 17:05", undo_line="Undo", tint=2, language="en"
    ),
}

MET = {
    "fr": MetNotice(
        first=Chip("Léa", "L", 2),
        second=Chip("Amina", "A", 0),
        line="Rencontre notée. Bonne discussion !",
        undo_line="Annuler",
    ),
    "en": MetNotice(
        first=Chip("Léa", "L", 2),
        second=Chip("Marie-Françoise", "M", 0),
        line="Introduction noted. Enjoy!",
        line_secondary="Rencontre notée. Bonne discussion !",
        undo_line="Undo",
    ),
}

UNKNOWN = {
    "fr": UnknownBadge(
        headline="Badge inconnu",
        headline_secondary="Unknown badge",
        code="K7 42",
        lines=("Montrez ce code à Camille : deux clics et vous êtes des nôtres.",),
        lines_secondary=("Show this code to Camille: two clicks and you are in.",),
    ),
    "en": UnknownBadge(
        headline="Unknown badge",
        headline_secondary="Badge inconnu",
        code="K7 42",
        lines=("Show this code to Camille: two clicks and you are in.",),
        lines_secondary=("Montrez ce code à Camille : deux clics et vous êtes des nôtres.",),
    ),
}

RANDOM = {
    "fr": RandomBadge(
        headline="Presque !",
        headline_secondary="Almost!",
        lines=(
            "Un téléphone ou une carte bancaire change de numéro à chaque fois.",
            "Prenez votre badge, ou demandez-en un à l'accueil.",
        ),
        lines_secondary=("A phone or a bank card shows a new number each time. Please use your badge.",),
    ),
    "en": RandomBadge(
        headline="Almost!",
        headline_secondary="Presque !",
        lines=(
            "A phone or a bank card shows a new number each time.",
            "Please use your badge, or ask for one.",
        ),
        lines_secondary=("Un téléphone ou une carte bancaire change de numéro à chaque fois.",),
    ),
}

REFUSED = {
    "fr": RefusedBadge(
        headline="Voyez l'accueil",
        headline_secondary="Please see the host",
        lines=("Ce badge ne sert plus. Camille vous en donne un autre tout de suite.",),
        lines_secondary=("This badge is no longer in use. Camille will give you another one.",),
    ),
    "en": RefusedBadge(
        headline="Please see the host",
        headline_secondary="Voyez l'accueil",
        lines=("This badge is no longer in use. Camille will give you another one.",),
        lines_secondary=("Ce badge ne sert plus. Camille vous en donne un autre tout de suite.",),
    ),
}

HOLD_STILL = {
    "fr": HoldStill(
        headline="Garde ton badge immobile",
        headline_secondary="Hold your badge still",
        lines=("Laisse ton badge sur le lecteur jusqu’à ce que l’écran te salue.",),
        lines_secondary=("Leave your badge on the reader until the screen greets you.",),
    ),
    "en": HoldStill(
        headline="Hold your badge still",
        headline_secondary="Garde ton badge immobile",
        lines=("Leave your badge on the reader until the screen greets you.",),
        lines_secondary=("Laisse ton badge sur le lecteur jusqu’à ce que l’écran te salue.",),
    ),
}

TROUBLE = {
    "fr": TroubleScreen(
        headline="Lecteur débranché",
        headline_secondary="Reader unplugged",
        what="Le kiosque ne voit plus son lecteur de badges.",
        what_secondary="The kiosk has lost its badge reader.",
        what_to_do="Rebranchez son câble, ou inscrivez-vous auprès de Camille.",
        what_to_do_secondary="Plug its cable in again, or sign in with Camille.",
    ),
    "en": TroubleScreen(
        headline="Reader unplugged",
        headline_secondary="Lecteur débranché",
        what="The kiosk has lost its badge reader.",
        what_secondary="Le kiosque ne voit plus son lecteur de badges.",
        what_to_do="Plug its cable in again, or sign in with Camille.",
        what_to_do_secondary="Rebranchez son câble, ou inscrivez-vous auprès de Camille.",
    ),
}

INVITATION = {
    "fr": Invitation(
        "Café à 10 h 30, près de la fenêtre : Amina, Jules et toi auriez des choses à vous dire.",
        "Je viens",
        how="ou badge encore dans un instant",
    ),
    "en": Invitation(
        "Coffee at 10:30, by the window: Amina, Jules and you would have things to tell each other.",
        "I’m coming",
        how="or tap again in a moment",
    ),
}

EXPECTED = {
    "fr": Invitation(
        "Café à 10 h 30, près de la fenêtre : on t’y attend, avec Amina et Jules.",
        "Finalement non",
        accepted=True,
    ),
    "en": Invitation(
        "Coffee at 10:30, by the window: you are expected, with Amina and Jules.",
        "Not coming after all",
        accepted=True,
    ),
}

INVITED_GREETING = {code: replace(GREETING[code], table=INVITATION[code]) for code in ("fr", "en")}

INVITED_OWN_CARD = {
    "fr": replace(
        OWN_CARD["fr"], table=replace(INVITATION["fr"], how=""), leave_closed_line="Tu viens ? Badge encore."
    ),
    "en": replace(
        OWN_CARD["en"], table=replace(INVITATION["en"], how=""), leave_closed_line="Coming? Tap again now."
    ),
}

EXPECTED_OWN_CARD = {
    "fr": replace(
        OWN_CARD["fr"],
        headline="C’est noté, Léa",
        table=EXPECTED["fr"],
        leave_line="Finalement non ? Badge encore.",
    ),
    "en": replace(
        OWN_CARD["en"],
        headline="Noted, Léa",
        table=EXPECTED["en"],
        leave_line="Not coming after all? Tap again.",
    ),
}

ASKING_FAREWELL = {
    "fr": replace(
        FAREWELL["fr"],
        question="As-tu pu parler avec Amina aujourd’hui ?",
        answers=(
            Choice("1", "On s’est parlé"),
            Choice("2", "Pas aujourd’hui"),
            Choice("3", "Plutôt pas"),
        ),
        undo_line="Tu restes ? Badge encore.",
        shown_for_s=20.0,
    ),
    "en": replace(
        FAREWELL["en"],
        line="Noted, and it stays between us. Thank you!",
        question="Was it useful to talk with Marie-Françoise?",
        answers=(Choice("1", "Yes"), Choice("2", "Not really")),
        undo_line="Change my answer",
        stay_line="Not leaving? Tap again.",
        shown_for_s=20.0,
    ),
}

FORGOTTEN = {"fr": Choice("0", "Badge oublié\u202f?"), "en": Choice("0", "Badge forgotten?")}

FORGOTTEN_LOBBY = {code: replace(LOBBY[code], forgotten=FORGOTTEN[code]) for code in ("fr", "en")}

FORGOTTEN_RANDOM = {code: replace(RANDOM[code], forgotten=FORGOTTEN[code]) for code in ("fr", "en")}


def _speaker(*languages: str) -> Speaker:
    space = Space("Le Nook", languages=(languages[0], languages[1]))
    catalogues = words.load("kiosk", LOCALE)
    return Speaker(Directory(space=space), catalogues, hours_of(space))


def _typing(*languages: str, entry: Entry) -> Typing:
    return typing_of(_speaker(*languages), entry)


def _typings(entry: Entry) -> dict[str, View]:
    return {"fr": _typing("fr", "en", entry=entry), "en": _typing("en", "fr", entry=entry)}


_BADGE = KnownBadge(BadgeHash("k1:" + "0" * 32), MemberId("lea"), needs_pin=True)
TYPED_PIN = _typings(Entry(_BADGE, typed="7394"))
WRONG_PIN = _typings(Entry(_BADGE, said=Said.WRONG))
TYPED_NAME = _typings(Entry(typed="marie-françoise de la f"))
WRONG_NAME = _typings(Entry(typed="léa", said=Said.WRONG))

SPEAKERS = {"fr": _speaker("fr", "en"), "en": _speaker("en", "fr")}

GUEST_LOBBY = {
    code: replace(FORGOTTEN_LOBBY[code], guest=visitors.guest_choice(speaker.words(code)))
    for code, speaker in SPEAKERS.items()
}
ASKED_GUEST = {code: visitors.asking_of(speaker, visitors.Asking()) for code, speaker in SPEAKERS.items()}
NAMED_GUEST = {
    code: visitors.asking_of(speaker, visitors.Asking("Zoé", "bruno")) for code, speaker in SPEAKERS.items()
}
NOTED_GUEST = {code: visitors.noted(speaker) for code, speaker in SPEAKERS.items()}
REFUSED_GUEST = {code: visitors.too_many(speaker) for code, speaker in SPEAKERS.items()}
VISITED_OWN_CARD = {
    "fr": replace(OWN_CARD["fr"], visitor_line="Quelqu’un est là pour toi depuis 10 h 05."),
    "en": replace(OWN_CARD["en"], visitor_line="Someone has been here for you since 10:05."),
}

TABLE_LOBBY = {
    "fr": replace(
        LOBBY["fr"],
        tables=(
            TableNotice(
                "Café à 10 h 30, près de la fenêtre",
                "Coffee at 10:30, près de la fenêtre",
                "Avec Amina, Jules et 1 autre",
                "With Amina, Jules and 1 other",
            ),
        ),
    ),
    "en": replace(
        LOBBY["en"],
        tables=(
            TableNotice("Coffee at 10:30", "Café à 10 h 30", "2 people are coming", "2 personnes y vont"),
            TableNotice("Lunch at 12:45", "Déjeuner à 12 h 45", "Tap in: you may be expected"),
        ),
    ),
}

FULL_LOBBY = {
    "fr": replace(
        LOBBY["fr"],
        offering_title="On propose aujourd'hui",
        offering_title_secondary="offered today",
        offering=("illustration jeunesse", "relecture de contrats", "réparer un vélo"),
        moments_title="Aujourd'hui",
        moments_title_secondary="Today",
        moments=(
            MomentLine("12:30", "Déjeuner partagé", "cuisine", now=True),
            MomentLine("16:00", "Clinique du devis", "studio"),
            MomentLine("18:30", "Apéro projets et présentation des nouveaux arrivants", "jardin"),
        ),
    ),
    "en": replace(
        LOBBY["en"],
        offering_title="On offer today",
        offering_title_secondary="on propose aujourd'hui",
        offering=("children's illustration", "contracts read over", "bicycles mended"),
        moments_title="Today",
        moments_title_secondary="Aujourd'hui",
        moments=(
            MomentLine("12:30", "Shared lunch", "kitchen"),
            MomentLine("16:00", "Quote clinic", "studio"),
        ),
    ),
}
"""Everything a lobby can have."""

AWAKE_LOBBY = {
    language: replace(view, attention=Attention.AWAKE) for language, view in {**LOBBY, **TABLE_LOBBY}.items()
}
"""Somebody stands before it."""

ASLEEP_LOBBY = {language: replace(view, attention=Attention.ASLEEP) for language, view in LOBBY.items()}
"""Nobody has for a while."""

EVERY_VIEW: dict[str, dict[str, View]] = {
    "lobby": dict(LOBBY),
    "full_lobby": dict(FULL_LOBBY),
    "greeting": dict(GREETING),
    "celebrating_greeting": dict(CELEBRATING_GREETING),
    "large_greeting": dict(LARGE_GREETING),
    "large_own_card": dict(LARGE_OWN_CARD),
    "large_farewell": {code: replace(view, large=True) for code, view in FAREWELL.items()},
    "empty_greeting": dict(EMPTY_GREETING),
    "second_greeting": dict(SECOND_GREETING),
    "rushed_greeting": dict(RUSHED_GREETING),
    "own_card": dict(OWN_CARD),
    "invited_greeting": dict(INVITED_GREETING),
    "invited_own_card": dict(INVITED_OWN_CARD),
    "expected_own_card": dict(EXPECTED_OWN_CARD),
    "asking_farewell": dict(ASKING_FAREWELL),
    "table_lobby": dict(TABLE_LOBBY),
    "awake_lobby": dict(AWAKE_LOBBY),
    "asleep_lobby": dict(ASLEEP_LOBBY),
    "own_card_with_buttons": {language: marked(view) for language, view in OWN_CARD.items()},
    "farewell_with_buttons": {language: marked(view) for language, view in FAREWELL.items()},
    "asking_farewell_with_buttons": {language: marked(view) for language, view in ASKING_FAREWELL.items()},
    "met_with_buttons": {language: marked(view) for language, view in MET.items()},
    "forgotten_lobby": dict(FORGOTTEN_LOBBY),
    "forgotten_random": dict(FORGOTTEN_RANDOM),
    "typed_pin": TYPED_PIN,
    "wrong_pin": WRONG_PIN,
    "typed_name": TYPED_NAME,
    "wrong_name": WRONG_NAME,
    "farewell": dict(FAREWELL),
    "met": dict(MET),
    "unknown": dict(UNKNOWN),
    "random": dict(RANDOM),
    "refused": dict(REFUSED),
    "hold still": dict(HOLD_STILL),
    "guest_lobby": dict(GUEST_LOBBY),
    "asked_guest": dict(ASKED_GUEST),
    "named_guest": dict(NAMED_GUEST),
    "noted_guest": dict(NOTED_GUEST),
    "refused_guest": dict(REFUSED_GUEST),
    "visited_own_card": dict(VISITED_OWN_CARD),
    "trouble": dict(TROUBLE),
    "host_greeting": {
        code: replace(view, moods=(*view.moods, host_samples.CHOICE[code])) for code, view in GREETING.items()
    },
    "host_own_card": {
        code: replace(view, moods=(*view.moods, host_samples.CHOICE[code])) for code, view in OWN_CARD.items()
    },
    **host_samples.VIEWS,
}
"""Every kind of view by name, then by language."""

SIZES = ((40, 12), (80, 25), (120, 33), (160, 45))
"""Columns and rows that every view must be drawn at."""
