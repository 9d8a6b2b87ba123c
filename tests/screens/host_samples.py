"""The host's pages with invented people, in both languages."""

from datetime import UTC, datetime, timedelta

from community.badges import BadgeHash
from community.ids import KioskId, MemberId
from community.members import Member, Space
from kiosk.bootstrap import LOCALE
from kiosk.core.buttons import marked
from kiosk.core.directory import Directory
from kiosk.core.host import LayBadge, Menu, Noted, Page, Restart, RollCall, Search, State, Sure, Volume
from kiosk.core.host_pages import Around, view_of
from kiosk.core.host_roll import Inside
from kiosk.core.host_state import Facts
from kiosk.core.host_way import host_choice, no_pin
from kiosk.core.pairing import Place, Typed, typing_of
from kiosk.core.speaker import Speaker
from kiosk.core.views import View
from kiosk.errors import EnrolmentFault
from kiosk.hours import hours_of
from plumbing import words

NINE = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
BADGE = BadgeHash("k1:00112233445566778899aabbccddeeff")
NAMES = (
    *("Amina", "Anouk", "Camille", "Jules", "Léa", "Marie-Françoise de la Fontaine", "Noé", "Tomasz", "Yuki"),
    *("Zoé", "Ouyang"),
)
FINE = Facts(
    "front-door",
    "1.4.0",
    ("192.168.1.23",),
    hub_reachable=True,
    reader="ready",
    door="ready",
    disk_percent=12,
)
ILL = Facts(
    "front-door",
    "1.4.0",
    hub_last=NINE,
    waiting=17,
    reader="lost",
    door="lost",
    disk_percent=96,
    clock_synced=False,
)


def around(language: str, facts: Facts) -> Around:
    """What the pages are made of, for a host who speaks one language."""
    space = Space("Le Nook", languages=("fr", "en") if language == "fr" else ("en", "fr"))
    members = {
        MemberId(f"m{n}"): Member(
            MemberId(f"m{n}"), name, (language,), trade="graphiste", host=name == "Camille"
        )
        for n, name in enumerate(NAMES)
    }
    inside = tuple(
        Inside(
            member,
            NINE + timedelta(minutes=17 * n),
            KioskId("street-door") if n % 3 == 1 else KioskId(""),
            NINE + timedelta(hours=4) if n % 2 else None,
            KioskId("") if n % 2 else None,
            certain=n != 4,
        )
        for n, member in enumerate(members)
    )
    catalogues = words.load("kiosk", LOCALE)
    speaker = Speaker(Directory(members, space=space), catalogues, hours_of(space))
    seen = frozenset({MemberId("m0"), MemberId("m3")})
    return Around(speaker, MemberId("m2"), facts, may_restart=True, own_volume=True, inside=inside, seen=seen)


def _both(page: Page, facts: Facts = FINE) -> dict[str, View]:
    return {language: view_of(page, around(language, facts)) for language in ("fr", "en")}


CHOICE = {language: host_choice(around(language, FINE).words) for language in ("fr", "en")}

CODE = "7KQ2MXWD4FABCDEFGHJKMNPQRS"


def _pairing(typed: Typed, *, was_shut_out: bool = False) -> dict[str, View]:
    catalogues = words.load("kiosk", LOCALE)
    place = Place("front-door", ("192.168.1.23",), was_shut_out)
    return {
        language: typing_of(typed, place, catalogues[language], catalogues[second])
        for language, second in (("fr", "en"), ("en", "fr"))
    }


VIEWS: dict[str, dict[str, View]] = {
    "host_menu": _both(Menu()),
    "host_menu_with_buttons": {language: marked(view) for language, view in _both(Menu()).items()},
    "host_lay_badge": _both(LayBadge()),
    "host_search": _both(Search(BADGE, "a")),
    "host_found": _both(Search(BADGE, "ma")),
    "host_not_found": _both(Search(BADGE, "xyz")),
    "host_sure": _both(Sure(BADGE, MemberId("m5"))),
    "host_noted": _both(Noted(BADGE, MemberId("m5"))),
    "host_noted_offline": _both(Noted(BADGE, MemberId("m5")), ILL),
    "host_roll_call": _both(RollCall()),
    "host_roll_call_end": _both(RollCall(1), ILL),
    "host_state": _both(State()),
    "host_state_ill": _both(State(), ILL),
    "host_volume": _both(Volume()),
    "host_restart": _both(Restart()),
    "pairing": _pairing(Typed()),
    "pairing_again": _pairing(Typed(), was_shut_out=True),
    "pairing_typed": _pairing(Typed(CODE, asking=True)),
    "pairing_short": _pairing(Typed("7KQ2", short=True)),
    **{f"pairing_{fault.value}": _pairing(Typed(CODE, fault=fault)) for fault in EnrolmentFault},
    "host_no_pin": {code: no_pin(around(code, FINE).speaker, MemberId("m2")) for code in ("fr", "en")},
}
"""By name, then by language."""
