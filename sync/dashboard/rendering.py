"""Turn read models into HTML, in the host's language and the space's time; the one home of Jinja."""

import hashlib
from collections.abc import Callable, Container, Mapping
from datetime import date, datetime, tzinfo
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from plumbing.words import SOURCE, Words, languages, words_of
from sync.dashboard.dates import (
    clock_time,
    full_date,
    language_name,
    last_day,
    long_date,
    month_name,
    short_date,
    with_day,
)

HERE = Path(__file__).parent
STATIC = HERE / "static"
LOCALE = HERE.parent / "locale"
"""What the dashboard says in other languages than English, one folder each."""

PALETTE = 6
"""Colours of discs in the style sheet."""


class Pages:
    """Every template in every language.  Made once; holds no state but the templates."""

    def __init__(self, zone: tzinfo, locale: Path = LOCALE) -> None:
        self.words = {code: words_of("hub", locale, code) for code in languages("hub", locale)}
        """The words of every language, by its code, for what is said without a template."""
        self.languages = {code: language_name(code, code).capitalize() for code in self.words}
        """Every language the dashboard speaks, by its code, each named in itself."""
        files = {path.name: _fingerprint(path) for path in STATIC.rglob("*") if path.is_file()}
        self._environments = {
            code: _environment(code, words, zone, files, self.languages) for code, words in self.words.items()
        }

    def colour(self, member_id: str) -> int:
        """Return the colour of a member's disc, 0 to `PALETTE` - 1: the same on every page."""
        return _colour(member_id)

    def render(self, template: str, language: str, **values: object) -> str:
        """Return the template filled in; what the template does not know is an error."""
        return self._environments[language].get_template(template).render(language=language, **values)


def preferred_language(accept: str, spoken: Container[str]) -> str:
    """Return the first language we speak of an `Accept-Language` header, else English."""
    for part in accept.split(","):
        language = part.partition(";")[0].strip().partition("-")[0].lower()
        if language in spoken:
            return language
    return SOURCE


def _environment(
    language: str, words: Words, zone: tzinfo, files: Mapping[str, str], spoken: Mapping[str, str]
) -> Environment:
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

    def local_day(at: datetime) -> date:
        return at.astimezone(zone).date()

    def about(shown: str) -> str:
        return words.gettext("about {time}").format(time=shown)

    def when(at: datetime, now: datetime, *, uncertain: bool = False) -> str:
        shown = clock_time(words, zone, at)
        return with_day(
            words, language, (local_day(at), local_day(now)), about(shown) if uncertain else shown
        )

    def tick(at: datetime, *, uncertain: bool = False) -> Markup:
        local = at.astimezone(zone)
        shown = clock_time(words, zone, at)
        time = Markup('<time datetime="{}">{}</time>').format(local.isoformat(timespec="minutes"), shown)
        said = Markup('<span class="about">{}</span>').format(about("{}"))
        return said.format(time) if uncertain else time

    environment.filters["clock"] = tick
    environment.filters["when"] = when
    environment.filters["hhmm"] = lambda at: at.astimezone(zone).strftime("%H:%M")
    environment.filters["day"] = lambda at: long_date(words, language, local_day(at))
    environment.filters["date"] = lambda at: short_date(words, language, local_day(at))
    environment.filters["since"] = lambda day: full_date(words, language, day)
    environment.filters["month"] = lambda day: month_name(words, language, day)
    environment.filters["until"] = lambda day, today: last_day(words, language, day, today)
    environment.filters["initial"] = lambda name: name.strip()[:1].upper()
    environment.filters["colour"] = _colour
    environment.globals["static"] = lambda name: f"/static/{name}?v={files[name.rpartition('/')[2]]}"
    environment.globals["languages"] = spoken
    return environment


def _colour(member_id: str) -> int:
    """Return the disc's colour, 0 to `PALETTE` - 1: always the same for a member."""
    return hashlib.sha256(member_id.encode()).digest()[0] % PALETTE


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
