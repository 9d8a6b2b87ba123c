"""What became of an update, in sentences."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from foyer.updating.carrying import Kept, Outcome, Stranded, Undone
from foyer.updating.databases import Fitted
from foyer.updating.updating import AlreadyThere
from plumbing.words import Sentence

NAMES = {"hub": Sentence("the hub"), "kiosk": Sentence("the kiosk"), "lobby": Sentence("the lobby screen")}


def told(outcome: Outcome | AlreadyThere) -> tuple[list[Sentence], bool]:
    """Return what to say, and whether the machine runs what was asked for."""
    match outcome:
        case AlreadyThere(release):
            return [Sentence("{release} is what runs here already.", release=release)], True
        case Kept(release, pruned, fitted):
            lines = [Sentence("{release} runs, and is well.", release=release), *_fitted(fitted)]
            lines += [Sentence("Removed to save room: {release}.", release=name) for name in pruned]
            return lines, True
        case Undone(release, tried, missing, fitted, still):
            return list(_undone(release, tried, missing, fitted, still)), False
        case Stranded(release, missing, why):
            return list(_stranded(release, missing, why)), False
        case _:
            assert_never(outcome)


def _undone(
    release: str, tried: str, missing: Sequence[str], fitted: Sequence[Fitted], still: Sequence[str]
) -> Iterator[Sentence]:
    if missing:
        yield Sentence("{release} did not come up: {programs}.", release=tried, programs=_listed(missing))
    else:
        yield Sentence("The update to {release} was interrupted.", release=tried)
    if still:
        yield Sentence(
            "{release} is in its place again, but does not come up either: {programs}. "
            "Run: sudo foyer doctor",
            release=release,
            programs=_listed(still),
        )
    elif any(one.stayed for one in fitted):
        yield Sentence("{release} runs again, as before.", release=release)
    else:
        yield Sentence("{release} runs again, as before. No tap was lost.", release=release)
    yield from _fitted(fitted)


def _stranded(release: str, missing: Sequence[str], why: str | Exception) -> Iterator[Sentence]:
    if missing:
        yield Sentence("{release} did not come up: {programs}.", release=release, programs=_listed(missing))
    yield Sentence("It stays in its place, because going back is not possible: {why}", why=why)
    yield Sentence("Run: sudo foyer doctor")


def _fitted(fitted: Sequence[Fitted]) -> Iterator[Sentence]:
    for one in fitted:
        if one.stayed:
            yield Sentence(
                "These tables are as they were before the update: {tables}. What was written into them "
                "meanwhile is only in the newer database ({name}), which is kept: {kept}.",
                tables=", ".join(one.stayed),
                name=NAMES[one.name],
                kept=one.kept,
            )
        else:
            yield Sentence(
                "Everything that was written meanwhile is in the older database, too ({name}). The newer one "
                "is kept: {kept}. Delete it once all is well.",
                name=NAMES[one.name],
                kept=one.kept,
            )


def _listed(programs: Sequence[str]) -> Sentence:
    listed = NAMES[programs[0]]
    for program in programs[1:]:
        listed = Sentence("{one}, {more}", one=listed, more=NAMES[program])
    return listed
