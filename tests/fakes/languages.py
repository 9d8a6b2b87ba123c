"""A language nobody speaks: every sentence between two marks, its blanks and stars where they were."""

from pathlib import Path

from babel.messages.catalog import Catalog

from tests.catalogues import DOMAINS, Domain, collected, compiled, messages

MADE_UP = "xx"
"""Its code, which stands nowhere in the programs."""


def said_in_made_up(english: str) -> str:
    """Return a sentence in the language that nobody speaks."""
    return f"‹{english}›"


def make_up(domain: Domain, folder: Path) -> Path:
    """Write the whole catalogue of a domain in that language, and nothing else, into a folder of languages.

    Returns:
        The folder.
    """
    po = Catalog(locale="en", domain=domain.name)  # counts as English does
    for message in messages(collected(domain)):
        told = (
            tuple(map(said_in_made_up, message.id)) if message.pluralizable else said_in_made_up(message.id)
        )
        po.add(message.id, told)
    file = folder / MADE_UP / "LC_MESSAGES" / f"{domain.name}.mo"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(compiled(po))
    return folder


def make_up_everything(folder: Path) -> Path:
    """Write the catalogues of all programs."""
    for domain in DOMAINS:
        make_up(domain, folder)
    return folder
