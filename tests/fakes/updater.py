"""`foyer update` on a folder that stands for a machine, with processes instead of systemd.

    python -m tests.fakes.updater ROOT FILE|--rollback|--finish [--older] [--no-way-back]

`DIE_AT` names the step before which it kills itself, as a power cut would.  With `HOLD`, a file, it looks at
the new release only once that file is gone, and only once.
"""

import os
import signal
import sys
import threading
from pathlib import Path

from foyer.ending import a_sentence
from foyer.language import tell
from foyer.updating.carrying import Carrier
from foyer.updating.health import Patience
from foyer.updating.layout import Layout
from foyer.updating.told import told
from foyer.updating.updating import Updater
from tests.fakes.releases import PYTHON, Processes

DIE_AT, HOLD = os.environ.get("DIE_AT"), os.environ.get("HOLD")


def on_step(step: str) -> None:
    if step == DIE_AT:
        os.kill(os.getpid(), signal.SIGKILL)
    if step == "look" and HOLD:
        while Path(HOLD).exists():
            threading.Event().wait(0.02)


def main(root: str, what: str, *options: str) -> None:
    layout = Layout(Path(root))
    patience = Patience(0.0 if HOLD else 90.0, 0.3, 0.05)
    carrier = Carrier(layout, Processes(layout), patience, on_step)
    updater = Updater(layout, carrier, tell, PYTHON, on_step)
    with a_sentence():
        match what:
            case "--finish":
                outcome = updater.finish(wait=True)
            case "--rollback":
                outcome = updater.roll_back()
            case file:
                outcome = updater.update(
                    Path(file), None, older="--older" in options, no_way_back="--no-way-back" in options
                )
        if outcome is None:
            return
        lines, good = told(outcome)
        for line in lines:
            tell(line)
        sys.exit(0 if good else 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
