"""`foyer update`: the arguments, and what is said."""

import os
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from foyer.errors import UsageError
from foyer.language import tell
from plumbing.words import Sentence


def update(
    source: Path | None = None,
    *,
    rollback: bool = False,
    key: Path | None = None,
    older: bool = False,
    no_way_back: bool = False,
    finish: Annotated[bool, Parameter(show=False)] = False,
    root: Annotated[Path, Parameter(show=False)] = Path("/"),
) -> None:
    """Put another release in the place of the one that runs; if it does not come up, the old one comes back.

    Args:
        source: The release: a file foyer-….tar, or the folder it was unpacked into.
        rollback: Go back to the release before instead; what was written since goes along.
        key: File with the public keys of whoever makes releases; /etc/foyer/release.pub if not given.
        older: Take a release older than the one that runs.
        no_way_back: Take a release that changes the databases for good.
        finish: Finish or undo what was interrupted; what foyer-update.service does.
        root: Stands for /.
    """
    from foyer.updating.carrying import Carrier
    from foyer.updating.layout import Layout
    from foyer.updating.services import Systemd
    from foyer.updating.told import told
    from foyer.updating.updating import Updater

    if root == Path("/") and os.geteuid() != 0:
        raise UsageError(Sentence("only the administrator may update: put sudo before it"))
    if (source is not None) + rollback + finish != 1:
        raise UsageError(Sentence("say which release: its file or folder, or --rollback"))
    layout = Layout(root)
    updater = Updater(layout, Carrier(layout, Systemd(layout)), tell)
    if source is not None:
        outcome = updater.update(source.absolute(), key, older=older, no_way_back=no_way_back)
    elif rollback:
        outcome = updater.roll_back()
    else:
        finished = updater.finish(wait=True)
        if finished is None:
            return
        outcome = finished
    lines, good = told(outcome)
    for line in lines:
        tell(line)
    sys.exit(0 if good else 1)
