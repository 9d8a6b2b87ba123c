"""Load gettext catalogues; the one home of gettext.  English is the source and needs none."""

import gettext
from collections.abc import Iterable, Mapping
from pathlib import Path

Words = gettext.NullTranslations
"""One language: `.gettext(…)`, `.ngettext(…)`, `.pgettext(…)`."""


def load(domain: str, folder: Path, languages: Iterable[str]) -> Mapping[str, Words]:
    """Return the words of every language, all loaded at once; a missing catalogue speaks English.

    Args:
        domain: The catalogue's file name without its ending.
        folder: Holds `<language>/LC_MESSAGES/<domain>.mo`.
        languages: Two-letter codes.
    """
    return {
        language: gettext.translation(domain, folder, [language], fallback=True) for language in languages
    }
