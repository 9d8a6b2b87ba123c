"""What newcomers are written: three texts in three languages, ours until a host writes their own.

Pure.  A text is checked when it is kept, so that no letter ever goes out with a hole in it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

LONGEST_SUBJECT = 120
"""Characters: what a list of mails shows of one."""

LONGEST_BODY = 2_000
"""Characters: what an address that opens a mail program can carry in every language."""


class Message(Enum):
    """What a newcomer is written, in the order in which it comes."""

    FIRST_DAY = "first-day"
    NO_RETURN = "no-return"
    """They came once or twice, and not for two weeks."""
    ONE_MONTH = "one-month"


@dataclass(frozen=True, slots=True)
class Text:
    """A subject and what stands under it; `{name}` and `{space}` are filled in."""

    subject: str
    body: str


class Fault(Enum):
    """Why a text is not kept."""

    EMPTY = "empty"
    LONG = "long"
    BRACE = "brace"
    """A bracket `{` or `}` without its other."""
    UNKNOWN = "unknown"
    """A word in brackets that is none of ours."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a text."""

    fault: Fault
    word: str = ""
    """What stands in the brackets, if that is it."""


PLACEHOLDERS = ("name", "space")
"""What can be filled in: their first name, and what the place is called."""

LANGUAGES = ("en", "fr", "es")

_HOLE = re.compile(r"\{([^{}]*)\}")


def wrong_with(text: Text) -> Wrong | None:
    """Return the first thing that is wrong with a text, or `None`."""
    if not text.subject.strip() or not text.body.strip():
        return Wrong(Fault.EMPTY)
    if len(text.subject) > LONGEST_SUBJECT or len(text.body) > LONGEST_BODY or "\n" in text.subject.strip():
        return Wrong(Fault.LONG)
    for part in (text.subject, text.body):
        for word in _HOLE.findall(part):
            if word not in PLACEHOLDERS:
                return Wrong(Fault.UNKNOWN, word[:LONGEST_SUBJECT])
        if "{" in _HOLE.sub("", part) or "}" in _HOLE.sub("", part):
            return Wrong(Fault.BRACE)
    return None


def filled(text: Text, name: str, space: str) -> Text:
    """Return a text that has nothing wrong with it as somebody reads it.

    Args:
        text: With its placeholders.
        name: The member's; the first word of it is filled in, as it stands, whatever brackets are in it.
        space: What the place is called.
    """
    words = {"name": (name.split() or [""])[0], "space": space}

    def fill(part: str) -> str:
        return _HOLE.sub(lambda hole: words[hole[1]], part).strip()

    return Text(fill(text.subject), fill(text.body))


OURS: Mapping[tuple[Message, str], Text] = {
    (Message.FIRST_DAY, "en"): Text(
        "Glad you came, {name}",
        "Hello {name},\n\nit was good to have you at {space}. Next time, tap your badge as you come in: the "
        "screen at the door tells you who is there whom you might like to know.\n\nIs there anything you "
        "looked for and did not find, or anybody you would like to meet? Just answer this message.\n\n"
        "See you soon!",
    ),
    (Message.FIRST_DAY, "fr"): Text(
        "Bienvenue parmi nous, {name}",
        "Bonjour {name},\n\nquel plaisir de t’avoir à {space} ! La prochaine fois, passe ton badge en "
        "arrivant : l’écran de l’entrée te dit qui est là et que tu aimerais peut-être connaître.\n\nY "
        "a-t-il une chose que tu n’as pas trouvée, ou quelqu’un que tu voudrais rencontrer ? Réponds "
        "simplement à ce message.\n\nÀ bientôt !",
    ),
    (Message.FIRST_DAY, "es"): Text(
        "Qué alegría verte, {name}",
        "Hola, {name}:\n\nfue un gusto tenerte en {space}. La próxima vez, pasa tu tarjeta al llegar: la "
        "pantalla de la entrada te dice quién está y a quién te podría gustar conocer.\n\n¿Hay algo que "
        "buscabas y no encontraste, o alguien a quien te gustaría conocer? Responde a este mensaje.\n\n"
        "¡Hasta pronto!",
    ),
    (Message.NO_RETURN, "en"): Text(
        "A coffee at {space}, {name}?",
        "Hello {name},\n\nwe have not seen you at {space} for a little while, and would be glad to. Is there "
        "anything that would make it easier to come, a quieter desk, another time of day, somebody to meet?"
        "\n\nTell us when you next pass by: the coffee is on us.",
    ),
    (Message.NO_RETURN, "fr"): Text(
        "Un café à {space}, {name} ?",
        "Bonjour {name},\n\ncela fait un petit moment sans ta visite à {space}, et te revoir nous ferait "
        "plaisir. Y a-t-il quelque chose qui te faciliterait la venue : une place plus "
        "calme, un autre horaire, quelqu’un à rencontrer ?\n\nDis-nous quand tu passes : le café est pour "
        "nous.",
    ),
    (Message.NO_RETURN, "es"): Text(
        "¿Un café en {space}, {name}?",
        "Hola, {name}:\n\nhace un tiempo que no pasas por {space}, y nos gustaría verte. ¿Hay algo que te "
        "haría más fácil venir: un sitio más tranquilo, otro horario, alguien a quien conocer?\n\nDinos "
        "cuándo pasas: el café lo ponemos nosotros.",
    ),
    (Message.ONE_MONTH, "en"): Text(
        "A month at {space}, {name}",
        "Hello {name},\n\nyou have been at {space} for a month. How is it? Whom did you meet, and what is "
        "still missing?\n\nOn your own page, behind the code on your greeting, you can write what you look "
        "for and what you offer: then the right people find you.\n\nThank you for being here!",
    ),
    (Message.ONE_MONTH, "fr"): Text(
        "Un mois à {space}, {name}",
        "Bonjour {name},\n\ncela fait un mois que tu viens à {space}. Comment ça se passe ? Qui as-tu "
        "rencontré, et que manque-t-il encore ?\n\nSur ta page, derrière le code de ton accueil, tu peux "
        "écrire ce que tu cherches et ce que tu proposes : les bonnes personnes te trouveront.\n\nMerci "
        "d’être là !",
    ),
    (Message.ONE_MONTH, "es"): Text(
        "Un mes en {space}, {name}",
        "Hola, {name}:\n\nhace un mes que vienes a {space}. ¿Qué tal? ¿A quién has conocido, y qué falta "
        "todavía?\n\nEn tu página, detrás del código de tu saludo, puedes escribir lo que buscas y lo que "
        "ofreces: así te encuentran las personas adecuadas.\n\n¡Gracias por estar aquí!",
    ),
}
"""What is written where no host wrote anything else."""
