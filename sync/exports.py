"""Read what other programs export as if it were a members file: what columns mean, and cells in our form.

Pure.  What a valid cell is stays the affair of `profiles`: here dates, lists and names only get the form that
it reads.

Source of the column names, all read in November 2026:

- Nexudus: the fields of a coworker (developers.nexudus.com/rest-api/spaces/get-coworkers-by-id), which its
  import template spells out in words (help.nexudus.com/docs/importing-customers);
- OfficeRnD: the columns of its import (help.officernd.com/en/articles/248678-import-members) and the fields
  of a member (developer.officernd.com);
- Cobot: the fields of a membership (dev.cobot.me, `GET /api/memberships`) and the columns of its import
  sheet (helpcenter.cobot.me/en/articles/8300359-importing-your-existing-members-into-cobot).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from community.names import folded
from sync.tables import Row, Table


class Origin(Enum):
    """Which program wrote a file, as far as its columns say."""

    NEXUDUS = "Nexudus"
    OFFICERND = "OfficeRnD"
    COBOT = "Cobot"
    OTHER = ""
    """Our own, or anybody's."""


EMAIL, FIRST_NAME, LAST_NAME, ACTIVE = "email", "first_name", "last_name", "active"
"""What only other programs' files have: an id is made of the address, a name of two halves, and who is no
longer a member is left out."""

FIELDS = (
    *("id", EMAIL, "name", FIRST_NAME, LAST_NAME, ACTIVE, "company", "trade", "languages", "needs", "offers"),
    *("interests", "ask_about", "place", "joined", "badge", "visibility", "introductions", "intents"),
    *("avoid", "avoid_topics", "large_text", "spoken", "stays_s"),
)
"""What a column may be chosen for, in the order shown.  Who looks after the place is not among them: that
opens kiosks, and is an administrator's decision about one person."""

LISTS = frozenset(
    {"needs", "offers", "interests", "ask_about", "avoid", "avoid_topics", "languages", "badge"}
)
"""Fields of several items."""

_OURS = {
    "id": (
        "id|identifiant|member id|membership id|numero de membre|numero d'adherent|numero adherent|"
        "identificador|numero de socio|numero de miembro"
    ),
    EMAIL: (
        "email|e-mail|mail|courriel|email address|adresse email|adresse e-mail|adresse mail|"
        "correo|correo electronico|direccion de correo|member email"
    ),
    "name": (
        "name|full name|fullname|member name|display name|nom complet|nom et prenom|"
        "prenom et nom|nom prenom|prenom nom|nom affiche|membre|adherent|nombre completo|"
        "nombre y apellidos|nombre y apellido|miembro|socio"
    ),
    FIRST_NAME: "first name|given name|firstname|prenom|prenoms|prenom usuel|nombre|nombre de pila",
    LAST_NAME: (
        "last name|surname|family name|lastname|nom de famille|nom d'usage|nom|apellidos|apellido|"
        "primer apellido"
    ),
    ACTIVE: (
        "active|actif|active member|status|statut|estado|member status|calculated status|canceled to|"
        "end date|membre actif|etat|situation|fin|date de fin|date de sortie|date de depart|fecha de baja|"
        "activo|miembro activo|situacion|fecha de fin"
    ),
    "company": (
        "company|company name|entreprise|societe|organisation|organization|raison sociale|structure|"
        "nom de l'entreprise|empresa|compania|sociedad|razon social|organizacion"
    ),
    "trade": (
        "trade|metier|profession|job title|position|poste|fonction|occupation|business area|activite|"
        "activite professionnelle|specialite|oficio|profesion|puesto|cargo|ocupacion|actividad|especialidad"
    ),
    "languages": "languages|language|langues|langue|langues parlees|idiomas|idioma|lengua|lenguas",
    "needs": (
        "needs|besoins|besoin|looking for|cherche|je cherche|recherche|recherches|ce que je cherche|"
        "necesidades|necesidad|busca|busco|lo que busco"
    ),
    "offers": (
        "offers|offres|offre|services|propose|je propose|skills|competences|ce que je propose|ofertas|"
        "oferta|ofrece|ofrezco|servicios|competencias|habilidades"
    ),
    "interests": (
        "interests|interets|centres d'interet|hobbies|loisirs|passions|tags|profile tags|etiquettes|"
        "intereses|aficiones|gustos|etiquetas"
    ),
    "ask_about": (
        "ask about|ask_about|ask me about|a propos de|sujets|demandez-moi|peut parler de|conseille sur|"
        "preguntame|preguntar sobre|temas"
    ),
    "place": (
        "place|desk|place habituelle|usual place|emplacement|bureau|poste de travail|sitio|puesto habitual|"
        "mesa|lugar habitual|escritorio"
    ),
    "joined": (
        "joined|start date|member since|membre depuis|depuis|debut|"
        "date de debut|date debut|debut d'adhesion|date d'adhesion|adhesion|arrivee|date d'arrivee|"
        "arrive le|entree|date d'entree|date d'inscription|inscription|inscrit le|starts at|fecha de alta|"
        "alta|fecha de inicio|inicio|fecha de inscripcion|fecha de ingreso|fecha de entrada|fecha de llegada|"
        "miembro desde|socio desde|desde"
    ),
    "badge": (
        "badge|badges|badge number|numero de badge|n° de badge|carte|numero de carte|carte d'acces|rfid|uid|"
        "card number|access card|tarjeta|tarjetas|numero de tarjeta|tarjeta de acceso|"
        "access card id|access cards"
    ),
    "visibility": "visibility|visibilite|visibilidad",
    "introductions": "introductions|presentations|mises en relation|presentaciones",
    "intents": "intents|intentions|vient pour|objectifs|intenciones|viene a|objetivos",
    "avoid": "avoid|eviter|personnes a eviter|evitar|personas a evitar",
    "avoid_topics": "avoid topics|avoid_topics|sujets a eviter|temas a evitar",
    "large_text": "large text|large_text|grands caracteres|gros caracteres|letra grande",
    "spoken": "spoken|lecture a voix haute|voix haute|en voz alta|lectura en voz alta",
    "stays_s": "stays_s|duree d'affichage|duree de l'accueil|duracion del saludo",
}

_SIGNS = {
    Origin.NEXUDUS: (
        *("access card id", "tariff name", "tariff id", "coworker type", "profile tags", "business area"),
        *("profile summary", "billing name", "access pincode", "profile website", "unique id"),
    ),
    Origin.OFFICERND: (
        *("contact person", "billing person", "calculated status", "twitter handle", "member name"),
        *("membership name", "company email"),
    ),
    Origin.COBOT: (
        *("customer number", "canceled to", "confirmed at", "next invoice at", "starts at", "plan name"),
        *("first recurring invoice date",),
    ),
}
"""Columns that one of them has and the others have not."""

FEWEST_SIGNS = 2
"""One alone may be chance."""

_THEIRS: Mapping[Origin, Mapping[str, str]] = {
    Origin.NEXUDUS: {"created on": "joined", "unique id": "", "nick name": ""},
    Origin.OFFICERND: {"team": "company", "location": "", "office": "", "created at": "joined"},
    Origin.COBOT: {"customer number": "", "confirmed at": "", "plan name": "", "starts at": "joined"},
    Origin.OTHER: {},
}
"""What a column means in one program's files only; empty: nothing."""

_GONE = frozenset(
    "no non false 0 inactive inactif former ancien ancienne canceled cancelled ended expired contact lead "
    "pending unconfirmed baja inactivo".split()
)
"""What stands in a column of that kind beside people who are no members, or not any more."""

_ISO_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})[T ].*")
_OTHER_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:[ T].*)?")
LONGEST_MONTH = 12


@dataclass(frozen=True, slots=True)
class Guess:
    """What the columns of a file most likely are."""

    origin: Origin
    fields: tuple[str, ...]
    """For each column one of `FIELDS`, or empty to leave it aside; no field twice."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line in the form of a members file."""

    line: int
    cells: Mapping[str, str]
    """By our column."""
    blank: frozenset[str]
    """Columns in which this line says nothing: what is known stays as it is."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A file in the form of a members file."""

    lines: tuple[Line, ...]
    columns: frozenset[str]
    """Our columns that the file speaks of."""
    gone: int
    """How many lines are left out because they are of people who are no longer members."""


def guess(header: Sequence[str]) -> Guess:
    """Say what the columns of a file most likely are.

    Args:
        header: The names of the columns as written.
    """
    names = [folded(name) for name in header]
    origin = next(
        (each for each, signs in _SIGNS.items() if len(set(map(folded, signs)) & set(names)) >= FEWEST_SIGNS),
        Origin.OTHER,
    )
    known = {folded(word): field for field, words in _OURS.items() for word in words.split("|")}
    known |= {folded(word): field for word, field in _THEIRS[origin].items()}
    found: list[str] = []
    for name in names:
        field = known.get(name, "")
        found.append("" if field in found else field)
    halves = [half for half in (FIRST_NAME, LAST_NAME) if half in found]
    if len(halves) == 1 and "name" not in found:
        found[found.index(halves[0])] = (
            "name"  # a French list with one column “Nom”, a Spanish one with “Nombre”
        )
    if "name" in found:
        found = ["" if field in {FIRST_NAME, LAST_NAME} else field for field in found]
    if "id" in found:
        found = ["" if field == EMAIL else field for field in found]
    return Guess(origin, tuple(found))


def lines_of(
    table: Table, fields: Sequence[str], origin: Origin, identify: Callable[[str], str], today: date
) -> Lines:
    """Bring a file into the form of a members file.

    Args:
        table: The file.
        fields: As `Guess.fields`, as the host chose them.
        origin: Who wrote it: other programs separate the items of a list with commas.
        identify: Makes an id of an e-mail address; it must always be the same for one address.
        today: Who stopped being a member before is left out.
    """
    at = {field: index for index, field in enumerate(fields) if field}
    order = _day_first(_cell(row, at["joined"], "joined", origin) for row in table.rows if "joined" in at)
    lines, gone = [], 0
    for row in table.rows:
        cells = {field: _cell(row, index, field, origin) for field, index in at.items()}
        if _is_gone(cells.pop(ACTIVE, ""), today):
            gone += 1
            continue
        first, last, email = cells.pop(FIRST_NAME, ""), cells.pop(LAST_NAME, ""), cells.pop(EMAIL, "")
        if not cells.get("name"):
            cells["name"] = f"{first} {last}".strip()
        if not cells.get("id"):
            cells["id"] = identify(" ".join(email.split()).casefold()) if "@" in email else ""
        if "joined" in cells:
            cells["joined"] = _day(cells["joined"], order)
        lines.append(Line(row.line, cells, frozenset(field for field, text in cells.items() if not text)))
    columns = (set(at) | {"id", "name"}) - {EMAIL, FIRST_NAME, LAST_NAME, ACTIVE}
    return Lines(tuple(lines), frozenset(columns), gone)


def _cell(row: Row, index: int, field: str, origin: Origin) -> str:
    text = row.cells[index].strip() if index < len(row.cells) else ""
    parts = [part for part in map(str.strip, text.splitlines()) if part]
    text = ("; " if field in LISTS else " ").join(parts)
    if field in LISTS and ";" not in text and (origin is not Origin.OTHER or field in {"languages", "badge"}):
        text = text.replace(",", ";")
    return text


def _is_gone(text: str, today: date) -> bool:
    if text.casefold() in _GONE:
        return True
    day = _ISO_DAY.sub(r"\1", text)
    try:
        return date.fromisoformat(day) < today
    except ValueError:
        return False


def _day_first(days: Iterable[str]) -> bool | None:
    """Say whether the days of a column are written day first; `None` if nothing in it decides."""
    found = [match for match in map(_OTHER_DAY.fullmatch, map(str.strip, days)) if match]
    first = any(int(match[1]) > LONGEST_MONTH for match in found)
    second = any(int(match[2]) > LONGEST_MONTH for match in found)
    return first if first is not second else None


def _day(text: str, day_first: bool | None) -> str:  # noqa: FBT001 - one of three
    """Return a day as year-month-day where it can be only one; otherwise as it was, to be refused."""
    match = _OTHER_DAY.fullmatch(text)
    if match is None or day_first is None:
        return _ISO_DAY.sub(r"\1", text)
    day, month = (match[1], match[2]) if day_first else (match[2], match[1])
    return f"{match[3]}-{int(month):02}-{int(day):02}"
