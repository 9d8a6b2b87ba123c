"""The catalogues of every language: collected from the code, renewed, compiled, and what is missing in them.

`make words` runs this.  A language is a folder `xx/LC_MESSAGES` in a domain's `locale`; `xx@formal` beside it
holds only what is said otherwise to people who are addressed formally.
"""

import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
PAGES = {"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
"""How the hub's templates are read: as Jinja reads them."""

WIDTH = 110
"""Columns of a line in a catalogue."""


@dataclass(frozen=True)
class Domain:
    """One catalogue, in every language."""

    name: str
    folder: Path
    sources: tuple[str, ...]
    """Packages whose sentences it holds."""
    says: tuple[str, ...]
    """Functions whose first argument is a sentence; `ngettext` takes two."""
    shared: tuple[str, ...] = ()
    """Modules of another domain whose `Sentence`s are read here too."""

    def file(self, language: str, ending: str = "po") -> Path:
        """Return where a language's catalogue is."""
        return self.folder / language / "LC_MESSAGES" / f"{self.name}.{ending}"

    def languages(self) -> list[str]:
        """Return the languages that have a catalogue, formal ones after their own."""
        return sorted(po.parts[-3] for po in self.folder.glob(f"*/LC_MESSAGES/{self.name}.po"))


DOMAINS = (
    Domain("kiosk", ROOT / "kiosk/locale", ("kiosk/core",), ("gettext", "ngettext")),
    Domain(
        "hub",
        ROOT / "sync/locale",
        ("sync/dashboard", "sync/newcomers", "sync/notices"),
        ("gettext", "ngettext", "_"),
        shared=(
            *("sync/exports.py", "sync/members_file.py", "sync/members_import.py", "sync/needs.py"),
            "sync/photos.py",
            *("sync/profiles.py", "sync/tables.py", "sync/workbooks.py", "foyer/members.py"),
            *(f"sync/api/{name}.py" for name in ("access", "badges", "members", "problems", "shapes")),
        ),
    ),
    Domain(
        "foyer", ROOT / "foyer/locale", ("foyer", "kiosk", "plumbing", "sync"), ("say", "Sentence", "refused")
    ),
)


def is_formal(language: str) -> bool:
    """Say whether a folder holds only what is said otherwise to people who are addressed formally."""
    return "@" in language


def collected(domain: Domain) -> Catalog:
    """Return every sentence of the code."""
    found = Catalog(project="foyer-kiosk", charset="utf-8")
    methods = [("**.py", "python"), *((pattern, "jinja2") for pattern in PAGES)]
    keywords = {word: (1, 2) if word == "ngettext" else None for word in domain.says}
    for source in domain.sources:
        for _, _, message, comments, context in extract_from_dir(
            ROOT / source, methods, PAGES, keywords, ("Translators:",), strip_comment_tags=False
        ):
            found.add(message, auto_comments=comments, context=context)
    for module in domain.shared:
        sentences = dict.fromkeys(("Sentence", "refused"))
        for _, message, comments, context in extract_from_file("python", ROOT / module, sentences):
            found.add(message, auto_comments=comments, context=context)
    return found


def catalogue(domain: Domain, language: str) -> Catalog:
    """Return what is written in a language."""
    with domain.file(language).open("rb") as file:
        return read_po(file, locale=language.partition("@")[0], domain=domain.name)


def messages(po: Catalog) -> Iterator[Message]:
    """Return the messages without the header."""
    return (message for message in po if message.id)


def texts(message: Message) -> tuple[str, ...]:
    """Return what a message says: one text, or one for each plural form."""
    return message.string if isinstance(message.string, tuple) else (message.string or "",)


def renewed(po: Catalog, code: Catalog, *, formal: bool) -> list[str]:
    """Bring a catalogue up to the code; a formal one keeps only what it says.

    Returns:
        What is not translated, or not surely, in English.
    """
    po.update(code, no_fuzzy_matching=True, update_creation_date=False)
    missing = [message for message in messages(po) if message.fuzzy or not all(texts(message))]
    if formal:
        for message in missing:
            po.delete(message.id, message.context)
        return []
    return [message.id[0] if isinstance(message.id, tuple) else message.id for message in missing]


def with_its_marks(domain: Domain, language: str, text: str) -> str:
    """Return a translation with no-break spaces where its language has them: nobody has to type them.

    French keeps `; : ! ?` and quotation marks together with their words; units stay with their numbers.
    """
    text = re.sub(rf"(\}}|%\(\w+\)s|\d) ({UNITS})(?!\w)", "\\1\u00a0\\2", text)
    if language.partition("@")[0] == "fr":
        # the kiosk's letters are large: there the narrow space
        space = "\u202f" if domain.name == "kiosk" else "\u00a0"
        text = re.sub(r" (?=[;:!?»])|(?<=«) ", space, text)
    return text


UNITS = "s|h|ms|cm|mm|kB|MB|Mo|Go|V|%{1,2}"


def compiled(po: Catalog) -> bytes:
    """Return a catalogue as the programs read it."""
    stream = io.BytesIO()
    write_mo(stream, po)
    return stream.getvalue()


def renew(domain: Domain, language: str, code: Catalog) -> list[str]:
    """Write a language's catalogue anew, as text and as the programs read it.

    Returns:
        What is missing in it, in English.
    """
    po = catalogue(domain, language)
    missing = renewed(po, code, formal=is_formal(language))
    for message in messages(po):
        said = tuple(with_its_marks(domain, language, text) for text in texts(message))
        message.string = said if isinstance(message.string, tuple) else said[0]
    with domain.file(language).open("wb") as file:
        write_po(file, po, width=WIDTH, no_location=True, sort_output=True, ignore_obsolete=True)
    domain.file(language, "mo").write_bytes(compiled(catalogue(domain, language)))
    return missing


def main() -> int:
    """Renew every catalogue, and list what nobody has translated yet."""
    left = 0
    for domain in DOMAINS:
        code = collected(domain)
        for language in domain.languages():
            missing = renew(domain, language, code)
            left += len(missing)
            print(f"{domain.name} {language}: {len(missing)} to translate")
            for sentence in missing:
                print(f"  {sentence}")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
