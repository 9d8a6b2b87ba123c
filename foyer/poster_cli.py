"""`foyer poster`: the arguments."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from foyer.errors import UsageError
from foyer.language import speaker, tell
from plumbing.words import Sentence, why


def poster(
    file: Path,
    *,
    name: str = "Foyer",
    contact: str = "",
    days: int = 90,
    language: Annotated[str | None, Parameter(name="--language")] = None,
) -> None:
    """Draw a page for the door: how to come in with a badge, and what is kept of it.

    Args:
        file: The PDF; replaced.
        name: What people call the place.
        contact: Whom to ask, like an e-mail address.
        days: How long taps are kept.
        language: Two letters; that of this terminal if not given.
    """
    from foyer.poster import DPI, drawn

    page = drawn(name, contact, days, speaker(language))
    try:
        page.save(file, "PDF", resolution=DPI, title=name)
    except OSError as error:
        raise UsageError(
            Sentence("{place} cannot be written to: {why}", place=file, why=why(error))
        ) from error
    tell(Sentence("{file}: one page, A4.", file=file))
