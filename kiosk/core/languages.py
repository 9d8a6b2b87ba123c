"""Languages by name, as they stand inside a sentence.

Pure.
"""

from kiosk.core.sentences import Words


def language_name(words: Words, code: str) -> str:
    """Return what a language is called ("Polish", "polonais"); empty for a code not listed here."""
    names = {
        "ar": words.gettext("Arabic"),
        "bn": words.gettext("Bengali"),
        "br": words.gettext("Breton"),
        "ca": words.gettext("Catalan"),
        "cs": words.gettext("Czech"),
        "da": words.gettext("Danish"),
        "de": words.gettext("German"),
        "el": words.gettext("Greek"),
        "en": words.gettext("English"),
        "es": words.gettext("Spanish"),
        "eu": words.gettext("Basque"),
        "fa": words.gettext("Persian"),
        "fi": words.gettext("Finnish"),
        "fr": words.gettext("French"),
        "he": words.gettext("Hebrew"),
        "hi": words.gettext("Hindi"),
        "hu": words.gettext("Hungarian"),
        "it": words.gettext("Italian"),
        "ja": words.gettext("Japanese"),
        "ko": words.gettext("Korean"),
        "nl": words.gettext("Dutch"),
        "no": words.gettext("Norwegian"),
        "oc": words.gettext("Occitan"),
        "pl": words.gettext("Polish"),
        "pt": words.gettext("Portuguese"),
        "ro": words.gettext("Romanian"),
        "ru": words.gettext("Russian"),
        "sv": words.gettext("Swedish"),
        "ta": words.gettext("Tamil"),
        "tr": words.gettext("Turkish"),
        "uk": words.gettext("Ukrainian"),
        "vi": words.gettext("Vietnamese"),
        "wo": words.gettext("Wolof"),
        "zh": words.gettext("Chinese"),
    }
    return names.get(code, "")
