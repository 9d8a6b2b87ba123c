"""The letter in a person's disc.

Pure.
"""

import unicodedata

NO_INITIAL = "·"
"""Stands in the disc of somebody whose name has no letter at all."""


def initial_of(name: str) -> str:
    """The letter for a person's disc.

    Args:
        name: The name they chose, in any script; may be empty.

    Returns:
        One upper-case character: the first letter or digit of the name, with its
        accent composed where Unicode can; `NO_INITIAL` if there is none.
    """
    for character in unicodedata.normalize("NFC", name):
        if character.isalnum():
            upper = character.upper()
            # "ß" and the ligatures grow when upper-cased; a disc has room for one letter.
            return upper if len(upper) == 1 else upper[0]
    return NO_INITIAL
