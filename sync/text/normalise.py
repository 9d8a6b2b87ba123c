"""Make a member's short item comparable: what it is about, without how it was said.

"Je cherche un·e comptable (h/f) !" and "comptable" are one subject.  Accents and capitals stay: what reads
the text next decides about them.
"""

import re
import unicodedata

LONGEST_READ = 300
"""Characters of an item that are read; an item has `LONGEST_ITEM`, what is longer was pasted by mistake."""

_MARKS = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})
"""Categories of characters that nobody sees: controls, joiners, writing directions, broken halves."""

_BEFORE = " \t-–—*•·>,;:…"
_AFTER = " \t-–—*•·,;:…"
"""Bullets and commas around an item; a full stop or a question mark belongs to it."""

_PAIRS = tuple(zip("«“„‘\"'([{‹", "»”“’\"')]}›", strict=True))
"""Quotation marks and brackets that may stand around a whole item."""

_GENDERS = re.compile(r"\s*[(\[]?\b(?:[hfmxwd]\s*[/:|-]\s*)+[hfmxwd]\b[)\]]?", re.IGNORECASE)
"""The marks of job titles: "(h/f/x)", "H/F", "(m/w/d)"."""

_INCLUSIVE = re.compile(
    r"(?<=[^\W\d_]{2})(?:[·•‧∙][^\W\d_]{1,5}(?:[·•‧∙]s)?|\((?:e|s|es|ne|se|le|lle|te|rice|trice|euse|ère|ve|f|x)\))"
)
"""Second endings of French words: "développeur·euse", "avocat(e)"."""

_ELIDED = r"(?:d['’]|l['’]|qu['’])"
_ARTICLE = re.compile(
    rf"(?:(?:de\s+la|de\s+l['’]|des|du|de|d['’]|une|un|la|le|les|l['’]|mon|ma|mes|notre|nos|some|an|a|the|my|our)"
    rf"(?:\s+|(?<=['’])))+(?=\S)|{_ELIDED}(?=\S)",
    re.IGNORECASE,
)
"""What stands before the subject once the intent is gone."""

_OBJECT = (
    r"\s+(?:[mtlsq]u?['’]|(?:te|me|se|le|la|les|lui|leur|vous|nous|y|en|que)\b"
    r"|(?:you|him|her|them|it|me|us|that|this)\b)"
)
"""What follows "je veux" or "I want" where something else is said than what is sought."""

_WANT_FR = r"(?:je\s+(?:voudrais|souhaite(?:rais)?|veux)|on\s+voudrait|j['’]aimerais(?:\s+bien)?)"
_SEEKS_FR = (
    r"(?:je\s+suis|nous\s+sommes|toujours|activement)\s+(?:à\s+la\s+recherche|en\s+recherche|en\s+quête)",
    r"(?:à\s+la\s+|en\s+)?recherche(?=\s+(?:d|un|une|quelqu|des|activement)\b)",
    r"(?:je|on|nous)\s+(?:re)?cherch(?:e|ons)(?:\s+(?:activement|à\s+trouver))?",
    r"cherche(?:\s+à\s+trouver)?",
    r"(?:j['’]ai(?:urais)?\s+|on\s+a(?:urait)?\s+|nous\s+a(?:v|uri)ons\s+)?(?:grand\s+)?besoin",
    rf"{_WANT_FR}(?:\s+(?:trouver|rencontrer|avoir)|(?!{_OBJECT}))",
    rf"il\s+(?:me|nous)\s+(?:faut|faudrait)(?!{_OBJECT})|(?:il\s+)?me\s+manque",
    r"trouver(?=\s+(?:un|une|des|quelqu)\b)",
)
_OFFERS_FR = (
    r"(?:je|on|nous)\s+propos(?:e|ons)|propose",
    r"j['’]offre|(?:nous\s+)?offrons|offre(?=\s+(?:d|un|une|des|mes|de)\b)",
    r"(?:je|on)\s+(?:peux|peut|sais|sait)\s+(?:vous\s+|t['’])?(?:aider|donner\s+un\s+coup\s+de\s+main)",
)
_HELP_FR = (
    r"(?:de\s+l['’]|d['’]|une\s+|un\s+(?:peu\s+)?d['’])?aide(?=\s+(?:pour|sur|en|avec)\b)",
    r"(?:d['’]un\s+|un\s+)?coup\s+de\s+(?:main|pouce)(?=\s+(?:pour|sur|en|à|avec)\b)",
    r"(?:de\s+|d['’])?quelqu['’]une?\s+(?:qui|pour)(?:\s+(?:sait|peut|connaît|s['’]y\s+connaît|m['’]aide[rz]?))?",
)
_SEEKS_EN = (
    r"(?:i\s+am\s+|i['’]m\s+|we\s+are\s+|we['’]re\s+)?(?:currently\s+|always\s+)?(?:looking|searching)\s+for",
    r"(?:i\s+am\s+|i['’]m\s+|we\s+are\s+|we['’]re\s+)?(?:seeking|in\s+(?:search|need)\s+of)",
    rf"(?:i|we)\s+(?:could\s+use|need|want|seek|require)(?:\s+to\s+(?:find|meet|hire|have)|(?!{_OBJECT}))",
    rf"(?:i|we)(?:['’]d|\s+would)\s+(?:like|love)(?:\s+to\s+(?:find|meet|hire|have)|(?!{_OBJECT}))",
    r"needed\s*:|wanted\s*:|needs?(?=\s+(?:a|an|some|help|someone|somebody)\b)",
)
_OFFERS_EN = (
    r"(?:i|we)\s+(?:can\s+)?(?:offer|provide|propose)|offering|(?:i|we)\s+can\s+(?:help|assist)",
    r"happy\s+to\s+(?:help|advise|assist)",
)
_HELP_EN = (
    r"(?:some\s+|a\s+little\s+|a\s+bit\s+of\s+)?help(?=\s+(?:with|on|for|in|to)\b)",
    r"(?:some|any)(?:one|body)\s+(?:who|that|to|for)(?!\s+(?:i|we|you)\b)(?:\s+(?:can|could|knows|does|would|helps?))?(?:\s+help)?(?:\s+me)?",
)
_INTENTS = (*_SEEKS_FR, *_OFFERS_FR, *_HELP_FR, *_SEEKS_EN, *_OFFERS_EN, *_HELP_EN)
_LINKS = r"(?:\s*[:\-–—]\s*|\s+(?:pour|sur|en|à|avec|dans|with|on|for|in|to|about|around)\b)?"
_INTENT = re.compile(rf"(?:{'|'.join(_INTENTS)})(?=\W|$){_LINKS}[\s:]*", re.IGNORECASE)

_MOST_INTENTS = 4
"""Wordings taken off one after the other: "j'ai besoin", "d'un coup de main", "pour", "trouver"."""


def normalise(item: str) -> str:
    """Return what an item is about, on one line.

    Args:
        item: As the member wrote it, of any length, in any language.

    Returns:
        At most `LONGEST_READ` characters.  Empty only if nobody could see anything of the item; where
        nothing but an intent would remain to be taken off, the item stays whole.
    """
    seen = "".join(_visible(letter) for letter in unicodedata.normalize("NFKC", item[: 4 * LONGEST_READ]))
    line = " ".join(seen.split())
    whole = (
        _unwrapped(_INCLUSIVE.sub("", _GENDERS.sub("", line)))[:LONGEST_READ].strip() or line[:LONGEST_READ]
    )
    return _without_intent(whole) or whole


def _visible(letter: str) -> str:
    """Return the letter, a space instead of a control, nothing instead of a joiner."""
    if letter.isspace():
        return " "
    category = unicodedata.category(letter)
    if category not in _MARKS:
        return letter
    return " " if category == "Cc" else ""


def _unwrapped(text: str) -> str:
    """Take off bullets, and a pair of marks around the whole; a quotation inside a sentence stays."""
    left = text.lstrip(_BEFORE).rstrip(_AFTER)
    for opening, closing in _PAIRS:
        inside = left[1:-1]
        if left.startswith(opening) and left.endswith(closing) and not {opening, closing} & set(inside):
            return _unwrapped(inside)
    return left


def _without_intent(text: str) -> str:
    """Take off what says that something is sought or offered; empty if nothing else was said."""
    left = text
    for _ in range(_MOST_INTENTS):
        article = _ARTICLE.match(left) if left != text else None
        start = article.end() if article else 0
        intent = _INTENT.match(left, start) or _INTENT.match(left)
        if intent is None:
            break
        left = left[intent.end() :]
    if left == text:
        return text
    article = _ARTICLE.match(left)
    subject = _unwrapped(left[article.end() :] if article else left).rstrip(" .!?")
    return subject if any(letter.isalnum() for letter in subject) else ""
