"""Load gettext catalogues, and sentences that wait for their reader; the one home of gettext.

English is the source and needs no catalogue.  Every other language is a folder `xx/LC_MESSAGES` with the
domain's catalogue: there is no list of languages anywhere.  Beside it may stand `xx@formal`, which holds only
what is said otherwise to people who are addressed formally ("vous", "usted"); the rest comes from `xx`.
"""

import gettext
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

Words = gettext.NullTranslations
"""One language: `.gettext(…)`, `.ngettext(…)`, `.pgettext(…)`."""

Say = Callable[[str], str]
"""Returns a sentence in the reader's language, its blanks still in braces: `Words.gettext`, for instance."""


SOURCE = "en"
"""The language of the sentences in the code."""


def formal(language: str) -> str:
    """Return the name of the formal words of a language, as its folder is called: `fr@formal`."""
    return f"{language}@formal"


def languages(domain: str, folder: Path) -> tuple[str, ...]:
    """Return every language there is, as two-letter codes: English first, then in alphabetical order.

    Args:
        domain: The catalogue's file name without its ending.
        folder: Holds `<language>/LC_MESSAGES/<domain>.mo`.
    """
    found = {mo.parts[-3] for mo in folder.glob(f"*/LC_MESSAGES/{domain}.mo")}
    return (SOURCE, *sorted(name for name in found if name != SOURCE and "@" not in name))


def words_of(domain: str, folder: Path, language: str) -> Words:
    """Return the words of one language, or its `formal` ones; English if there is no catalogue."""
    plain, _, form = language.partition("@")
    chain = [language, plain] if form else [plain]
    return gettext.translation(domain, folder, chain, fallback=True)


def load(domain: str, folder: Path) -> Mapping[str, Words]:
    """Return the words of every language there is, all loaded at once, each by its code.

    Where a language has formal words they are there too, under the name that `formal` gives.
    """
    found: dict[str, Words] = {}
    for language in languages(domain, folder):
        found[language] = words_of(domain, folder, language)
        if (folder / formal(language) / "LC_MESSAGES" / f"{domain}.mo").is_file():
            found[formal(language)] = words_of(domain, folder, formal(language))
    return found


class Sentence(str):
    """An English sentence that remembers its blanks, so that it can be said in another language later.

    Whoever finds something wrong does not know who will read of it: errors carry sentences, and
    the program's top says them with `said`.  Everywhere else it is the text in English.
    """

    __slots__ = ("_blanks", "_english")
    _english: str
    _blanks: Mapping[str, object]

    def __new__(cls, english: str, /, **blanks: object) -> Self:
        """Fill the blanks in braces; a blank may be a sentence or an error itself."""
        sentence = super().__new__(cls, english.format(**blanks) if blanks else english)
        sentence._english, sentence._blanks = english, blanks
        return sentence

    def said(self, say: Say) -> str:
        """Return it in the reader's language, the blanks that are sentences too."""
        if not self._blanks:
            return say(self._english)
        return say(self._english).format(**{name: _said(blank, say) for name, blank in self._blanks.items()})


def said(what: str | BaseException, say: Say) -> str:
    """Return a text, or an error's message, in the reader's language as far as it is a `Sentence`."""
    text = sentence_of(what) if isinstance(what, BaseException) else what
    return text.said(say) if isinstance(text, Sentence) else text


def sentence_of(error: BaseException) -> str:
    """Return an error's message, still a `Sentence` if it was raised with one."""
    first = error.args[0] if len(error.args) == 1 else None
    return first if isinstance(first, Sentence) else str(error)


def why(error: OSError) -> Sentence:
    """Return what the system says of a file or a port; `REASONS` are known in every language."""
    # asyncio writes a whole story there; a name that is not found has a number of its own, below 0.
    if error.errno is not None and error.errno > 0:
        return Sentence(os.strerror(error.errno))
    return Sentence(error.strerror or str(error))


REASONS = (
    Sentence("Address already in use"),
    Sentence("Cannot assign requested address"),
    Sentence("File exists"),
    Sentence("Input/output error"),
    Sentence("Is a directory"),
    Sentence("Name or service not known"),
    Sentence("No space left on device"),
    Sentence("No such file or directory"),
    Sentence("Not a directory"),
    Sentence("Permission denied"),
    Sentence("Read-only file system"),
)
"""What a system most often says, here so that the catalogue has it."""


def _said(blank: object, say: Say) -> object:
    return said(blank, say) if isinstance(blank, str | BaseException) else blank
