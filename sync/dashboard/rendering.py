"""Turn read models into HTML, in the host's language and the space's time.

The one home of Jinja and of Babel's dates.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from plumbing.words import Words, load

LANGUAGES = {"fr": "Français", "en": "English"}
"""Every language the dashboard speaks, each named in itself."""

HERE = Path(__file__).parent
STATIC = HERE / "static"
LOCALE = HERE.parent / "locale"

PALETTE = 6
"""Colours of discs in the style sheet."""


class Pages:
    """Every template in every language.  Made once; holds no state but the templates."""

    def __init__(self, zone: tzinfo) -> None:
        self._words = words = load("hub", LOCALE, LANGUAGES)
        files = {path.name: _fingerprint(path) for path in STATIC.rglob("*") if path.is_file()}
        self._environments = {
            language: _environment(language, words[language], zone, files) for language in LANGUAGES
        }

    def words(self, language: str) -> Words:
        """Return the words of a language, for what is said without a template."""
        return self._words[language]

    def render(self, template: str, language: str, **values: object) -> str:
        """Return the template filled in; what the template does not know is an error."""
        return self._environments[language].get_template(template).render(language=language, **values)


def preferred_language(accept: str) -> str:
    """Return the first language we speak of an `Accept-Language` header, else English."""
    for part in accept.split(","):
        language = part.partition(";")[0].strip().partition("-")[0].lower()
        if language in LANGUAGES:
            return language
    return "en"


def clock_time(language: str, zone: tzinfo, at: datetime) -> str:
    """Return the time of day: `9 h 42` in French, `9:42` in English."""
    local = at.astimezone(zone)
    separator = "\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}" if language == "fr" else ":"
    return f"{local.hour}{separator}{local.minute:02}"


def long_date(language: str, zone: tzinfo, at: datetime) -> str:
    """Return the day in words, as `samedi 21 novembre`."""
    pattern = "EEEE d MMMM"
    return format_date(at.astimezone(zone).date(), pattern, locale=language)


def short_date(language: str, zone: tzinfo, at: datetime) -> str:
    """Return the day with its year, as `21 nov. 2026`."""
    return format_date(at.astimezone(zone).date(), "d MMM y", locale=language)


def _environment(language: str, words: Words, zone: tzinfo, files: Mapping[str, str]) -> Environment:
    environment = Environment(
        loader=PackageLoader("sync.dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # asks the disk about every template each time
        extensions=["jinja2.ext.i18n"],
    )
    install: Callable[..., None] = getattr(environment, "install_gettext_translations")  # noqa: B009 - the extension adds it
    install(words, newstyle=True)

    def about(shown: str) -> str:
        return words.gettext("about {time}").format(time=shown)

    def when(at: datetime, now: datetime, *, uncertain: bool = False) -> str:
        shown = clock_time(language, zone, at)
        return _with_day(language, words, zone, at, now, about(shown) if uncertain else shown)

    def tick(at: datetime, *, uncertain: bool = False) -> Markup:
        local = at.astimezone(zone)
        shown = clock_time(language, zone, at)
        time = Markup('<time datetime="{}">{}</time>').format(local.isoformat(timespec="minutes"), shown)
        said = Markup('<span class="about">{}</span>').format(about("{}"))
        return said.format(time) if uncertain else time

    environment.filters["clock"] = tick
    environment.filters["when"] = when
    environment.filters["day"] = lambda at: long_date(language, zone, at)
    environment.filters["date"] = lambda at: short_date(language, zone, at)
    environment.filters["since"] = lambda day: format_date(day, "d MMMM y", locale=language)
    environment.filters["initial"] = lambda name: name.strip()[:1].upper()
    environment.filters["colour"] = _colour
    environment.globals["static"] = lambda name: f"/static/{name}?v={files[name.rpartition('/')[2]]}"
    environment.globals["languages"] = LANGUAGES
    return environment


def _with_day(language: str, words: Words, zone: tzinfo, at: datetime, now: datetime, shown: str) -> str:
    """Return the time shown, with the day before it unless it is today."""
    day = at.astimezone(zone).date()
    today = now.astimezone(zone).date()
    if day == today:
        return shown
    if day == today - timedelta(days=1):
        return words.gettext("yesterday, {time}").format(time=shown)
    return f"{format_date(day, 'EEE d MMM', locale=language)}, {shown}"


def _colour(member_id: str) -> int:
    """Return the disc's colour, 0 to `PALETTE` - 1: always the same for a member."""
    return hashlib.sha256(member_id.encode()).digest()[0] % PALETTE


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
