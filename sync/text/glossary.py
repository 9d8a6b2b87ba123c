"""The glossary: French and English words for one thing, and what acronyms stand for.

A sentence encoder reads "SEO" and "référencement" as two things; one line of the glossary makes them one.
A line reads `référencement naturel, référencement, SEO == search engine optimisation, SEO`: on the left in
French, on the right in English, the plainest wording of each side first, acronyms in capitals.  With `==` all
are the same, and the encoder is given the first English one for any; with `=` they only belong together.  `#`
begins a remark.  An operator's own file has the same form and is read after ours.
"""

import hashlib
import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from plumbing.words import Sentence
from sync.errors import TextError
from sync.text.words import EMPTY, stem, without_accents, words_of

log = logging.getLogger(__name__)

OURS = Path(__file__).with_name("glossary.txt")

LONGEST_ACRONYM = 6
"""Letters of a term in capitals that is read as an acronym."""

_WORD = re.compile(r"[^\W_]+[+#]*")


@dataclass(frozen=True, slots=True)
class Glossary:
    """Which terms mean one thing.  Build it with `read`."""

    concepts: dict[tuple[str, ...], tuple[int, ...]]
    """By the stems of a term's words, the numbers of its lines."""
    acronyms: dict[str, tuple[int, ...]]
    """By an acronym in capitals, the numbers of its lines."""
    meanings: dict[str, str]
    """By an acronym in capitals, its plainest wording."""
    synonyms: dict[tuple[str, ...], str]
    """By the stems of a term's words, what the encoder is given instead."""
    longest: int
    """Words in the longest term."""
    digest: str
    """Changes when the glossary does, and with it what the vectors mean."""

    def found(self, words: Sequence[str]) -> dict[int, tuple[str, ...]]:
        """Return the lines an item speaks of, each with the words that do.

        Args:
            words: Of `words_of`, in order; of two terms that begin with the same word the longer counts.
        """
        stems = [stem(word.casefold()) for word in words]
        found: dict[int, tuple[str, ...]] = {}
        at = 0
        while at < len(stems):
            length, lines = self._longest_at(stems, at)
            if self._is_acronym(words[at]) and length <= 1:
                length, lines = 1, self.acronyms[words[at].upper()]
            found |= dict.fromkeys(lines, tuple(words[at : at + length]))
            at += max(length, 1)
        return found

    def spelled_out(self, text: str) -> str:
        """Return the text as the encoder understands it best: acronyms in words, synonyms as one."""
        places = list(_WORD.finditer(text))
        stems = [stem(without_accents(place[0]).casefold()) for place in places]
        parts: list[str] = []
        at = done = 0
        while at < len(places):
            length, instead = self._instead_at(stems, places[at][0], at)
            if instead:
                parts += [text[done : places[at].start()], instead]
                done = places[at + length - 1].end()
            at += length
        return "".join((*parts, text[done:]))

    def _instead_at(self, stems: Sequence[str], word: str, at: int) -> tuple[int, str]:
        """Return how many words are taken, and what the encoder is given for them, if anything."""
        for length in range(min(self.longest, len(stems) - at), 0, -1):
            instead = self.synonyms.get(tuple(stems[at : at + length]))
            if instead:
                return length, instead
        return 1, self.meanings[word.upper()] if self._is_acronym(word) else ""

    def _longest_at(self, stems: Sequence[str], at: int) -> tuple[int, tuple[int, ...]]:
        for length in range(min(self.longest, len(stems) - at), 0, -1):
            lines = self.concepts.get(tuple(stems[at : at + length]))
            if lines:
                return length, lines
        return 0, ()

    def _is_acronym(self, word: str) -> bool:
        """Say whether a word is one of the acronyms: in capitals, or if it is no word of its own.

        "IT" is one and "it" is not, "tva" is one as "TVA" is.
        """
        if word.upper() not in self.acronyms:
            return False
        if word.isupper():
            return True
        small = word.casefold()
        return small not in EMPTY and (stem(small),) not in self.concepts


def read(own: Path | None = None) -> Glossary:
    """Read our glossary, and an operator's after it.

    Raises:
        TextError: The operator's file cannot be read.
    """
    lines = OURS.read_text(encoding="utf-8").splitlines()
    if own is not None:
        try:
            lines += own.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise TextError(
                Sentence("the glossary {path} cannot be read: it must be a text file in UTF-8", path=own)
            ) from error
    return of_lines(lines)


def of_lines(lines: Iterable[str]) -> Glossary:
    """Return the glossary that these lines make; a line that is none is left out, and said."""
    concepts: dict[tuple[str, ...], tuple[int, ...]] = {}
    acronyms: dict[str, tuple[int, ...]] = {}
    meanings: dict[str, str] = {}
    synonyms: dict[tuple[str, ...], str] = {}
    kept: list[str] = []
    for number, line in enumerate(lines, 1):
        plain = line.partition("#")[0].strip()
        if not plain:
            continue
        french, equals, english = plain.replace("==", "=").partition("=")
        sides = [[term.strip() for term in side.split(",") if term.strip()] for side in (french, english)]
        if not equals or not all(sides):
            log.warning(
                "line %s of the glossary is left out: it is not of the form `mot, mot = word`", number
            )
            continue
        kept.append(plain)
        line_number = len(kept)
        plainest = _wording(sides[1]) or _wording(sides[0]) or sides[1][0]
        for term in (*sides[0], *sides[1]):
            if is_acronym(term):
                acronyms[term] = _with(acronyms.get(term), line_number)
                meanings.setdefault(term, plainest)
            else:
                words = tuple(word.casefold() for word in words_of(term))
                if not EMPTY.issuperset(words):  # "thé" without its accent is on every English line
                    stems = tuple(map(stem, words))
                    concepts[stems] = _with(concepts.get(stems), line_number)
                    if "==" in plain:
                        synonyms.setdefault(stems, plainest)
    digest = hashlib.blake2b("\n".join(kept).encode(), digest_size=4).hexdigest()
    return Glossary(concepts, acronyms, meanings, synonyms, max(map(len, concepts), default=0), digest)


def is_acronym(term: str) -> bool:
    """Say whether a term of the glossary is an acronym: a few letters, all of them capitals."""
    return term.isalpha() and term.isupper() and len(term) <= LONGEST_ACRONYM


def _wording(terms: Sequence[str]) -> str | None:
    """Return the first term that is more than an acronym."""
    return next((term for term in terms if not is_acronym(term)), None)


def _with(lines: tuple[int, ...] | None, line: int) -> tuple[int, ...]:
    return tuple(dict.fromkeys((*(lines or ()), line)))
