"""Real terminals: tmux, and foot in a compositor that draws into memory."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from tests.deploy.conftest import tool
from tests.fakes.programs import wait_until
from tests.fakes.terminal import Tmux, usual
from tests.fakes.tidiness import nothing_is_left
from tests.terminal.wayland import VirtualPointer, is_root, socket_of

__all__ = ["nothing_is_left"]

FONTS = Path(__file__).parents[1] / "screens/fonts"
NOBODY = ["--reuid=nobody", "--regid=nogroup", "--clear-groups"]

SWAY = """\
xwayland disable
output HEADLESS-1 resolution 1920x1056 position 0,0
default_border none
focus_follows_mouse no
"""

FONTCONFIG = f"""\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{FONTS}</dir><cachedir>{{cache}}</cachedir></fontconfig>
"""

FOOT = """\
font=JetBrains Mono:pixelsize={size}
line-height={height}px
pad=0x0
initial-window-mode=fullscreen
dpi-aware=no
[scrollback]
lines=0
"""


@dataclass
class Desk:
    """A compositor without a display, whose one output takes whatever size a test wants."""

    folder: Path
    environment: dict[str, str]

    def resize(self, width: int, height: int) -> None:
        """Give the output so many pixels."""
        self._tell(f"output HEADLESS-1 resolution {width}x{height}")

    def photograph(self) -> Image.Image:
        """What is on the output now."""
        file = self.folder / "photograph.png"
        subprocess.run(["grim", str(file)], env=self.environment, check=True, timeout=60)
        with Image.open(file) as image:
            return image.convert("RGB")

    def type(self, *keys: str) -> None:
        """Press keys; the keyboard is plugged in for a moment before and after, or nobody would hear it."""
        subprocess.run(
            ["wtype", "-s", "400", *keys, "-s", "200"], env=self.environment, check=True, timeout=60
        )

    def pointer(self) -> VirtualPointer:
        """Plug a pointer in."""
        return VirtualPointer(socket_of(self.environment))

    @contextmanager
    def foot(self, cell: tuple[int, int], *command: str, **more: str) -> Iterator[None]:
        """A foot that fills the output, with cells of so many pixels, running a command."""
        settings = self.folder / "foot.ini"
        settings.write_text(FOOT.format(size=int(cell[0] / 0.6), height=cell[1]))
        with (self.folder / "foot.log").open("ab") as log:
            process = subprocess.Popen(
                ["foot", "-c", str(settings), *command],
                env={**self.environment, **more},
                stdout=log,
                stderr=log,
            )
        try:
            yield
        finally:
            process.terminate()
            process.wait(60)

    def _tell(self, words: str) -> None:
        subprocess.run(["swaymsg", words], env=self.environment, check=True, capture_output=True, timeout=60)


@pytest.fixture
def desk(nothing_is_left: None) -> Iterator[Desk]:
    for name in ("sway", "foot", "grim", "wtype"):
        tool(name, name)
    tool("setpriv", "util-linux")
    # A short path: a socket's may have 108 bytes.
    folder = Path(tempfile.mkdtemp(prefix="foyer-desk-"))
    run = folder / "run"
    run.mkdir(mode=0o700)
    (folder / "sway.conf").write_text(SWAY)
    (folder / "fonts.conf").write_text(FONTCONFIG.format(cache=folder / "fonts"))
    folder.chmod(0o755)
    alone = ["setpriv", *NOBODY] if is_root() else []  # sway refuses to be root
    if is_root():
        shutil.chown(run, "nobody")
    environment = {
        **usual(),
        "HOME": str(run),
        "XDG_RUNTIME_DIR": str(run),
        "FONTCONFIG_FILE": str(folder / "fonts.conf"),
        "WLR_BACKENDS": "headless",
        "WLR_LIBINPUT_NO_DEVICES": "1",
        "WLR_RENDERER": "pixman",
    }
    with (folder / "sway.log").open("wb") as log:
        sway = subprocess.Popen(
            [*alone, "sway", "-c", str(folder / "sway.conf")], env=environment, stdout=log, stderr=log
        )
    try:
        wait_until(
            lambda: sway.poll() is not None or (list(run.glob("wayland-?")) and list(run.glob("sway-ipc*"))),
            "the compositor",
        )
        assert sway.poll() is None, (folder / "sway.log").read_text()[-2_000:]
        environment["WAYLAND_DISPLAY"] = next(run.glob("wayland-?")).name
        environment["SWAYSOCK"] = str(next(run.glob("sway-ipc*")))
        environment["HOME"] = str(folder)
        yield Desk(folder, environment)
    finally:
        sway.terminate()
        sway.wait(60)
        shutil.rmtree(folder)


@pytest.fixture
def tmux() -> Iterator[Tmux]:
    made = Tmux()
    yield made
    made.end()
