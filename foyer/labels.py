"""`foyer badges labels`: sheets of labels for badges, as files to print."""

from pathlib import Path

from foyer.errors import UsageError
from foyer.pins import meant_member
from foyer.visiting import hub_database, hub_settings
from plumbing.words import Sentence, why
from sync.labels_sheet import as_pdf, as_pngs
from sync.views.labels import read_labels


def print_labels(settings_file: Path, out: Path, who: str | None = None) -> tuple[Path, ...]:
    """Write sheets of labels for every badge that works, or for one member's.

    Args:
        settings_file: The hub's TOML file.
        out: A `.pdf` file, or a `.png`; with more than one sheet each PNG gets its number.
        who: The member's whole name, or their id; everybody if `None`.

    Returns:
        The files written.

    Raises:
        UsageError: There is no such member or no badge, or the file cannot be written.
    """
    kind = out.suffix.lower()
    if kind not in {".pdf", ".png"}:
        raise UsageError(Sentence("{file}: a sheet of labels is a .pdf or a .png", file=out))
    with hub_database(hub_settings(settings_file)) as database:
        labels = database.read_now(lambda c: read_labels(c, None if who is None else meant_member(c, who)))
    if not labels:
        raise UsageError(Sentence("there is no badge to print a label for: link one to a member first"))
    files: dict[Path, bytes]
    if kind == ".pdf":
        files = {out: as_pdf(labels)}
    else:
        pages = as_pngs(labels)
        names = (
            [out] if len(pages) == 1 else [out.with_stem(f"{out.stem}-{n + 1}") for n in range(len(pages))]
        )
        files = dict(zip(names, pages, strict=True))
    for file, content in files.items():
        try:
            file.write_bytes(content)
        except OSError as error:
            raise UsageError(
                Sentence("{file}: the labels cannot be written: {why}", file=file, why=why(error))
            ) from error
    return tuple(files)
