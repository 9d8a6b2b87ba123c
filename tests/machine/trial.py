"""A whole Debian that boots beside this one, to install Foyer on.  What it is made of: deploy/trial."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from PIL import Image

from tests.fakes.programs import wait_until

ROOT = Path(__file__).parents[2]
TRIAL = ROOT / "deploy/trial"
SUITE = os.environ.get("FOYER_TRIAL_SUITE", "trixie")
"""Which Debian: trixie is 13, bookworm 12."""
INSTALLER = "/root/foyer/deploy/raspberrypi/install.sh"
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
    "HOME": "/root",
}

PATIENCE_S = 600.0
"""A machine that is busy with other things installs slowly."""

CONFIG = "[all]\ndtparam=audio=on\n"
CMDLINE = "console=serial0,115200 console=tty1 root=PARTUUID=1 rootfstype=ext4 rootwait\n"

NO_PANEL = """\
[Unit]
ConditionPathExists=
ConditionPathExists=/etc/foyer/{name}.toml
[Service]
TTYPath=
TTYReset=no
TTYVHangup=no
TTYVTDisallocate=no
StandardInput=null
UtmpIdentifier=
Environment=WLR_BACKENDS=headless WLR_LIBINPUT_NO_DEVICES=1
"""
"""All that differs from a machine with a screen: the compositor draws into memory."""

WATCHED = ("etc", "opt", "usr", "boot", "root")
"""Folders in which a second run changes nothing."""

OF_THE_SYSTEM = ("etc/passwd-", "etc/group-", "etc/shadow-", "etc/gshadow-", "etc/.pwd.lock")


class Machine:
    """One trial machine, from `boot` to `end`."""

    def __init__(self, root: Path) -> None:
        """Unpack a bare Debian that looks like a Raspberry Pi's, with this checkout in root's home."""
        self.root = root
        base = subprocess.run(
            [str(TRIAL / "base.sh"), SUITE], check=True, stdout=subprocess.PIPE, text=True, timeout=3_000
        ).stdout.strip()
        root.mkdir()
        subprocess.run(["tar", "-C", str(root), "--numeric-owner", "-xf", base], check=True)
        (root / "boot/firmware").mkdir(parents=True)
        (root / "boot/firmware/config.txt").write_text(CONFIG)
        (root / "boot/firmware/cmdline.txt").write_text(CMDLINE)
        (root / "etc/rpi").mkdir()
        # As operators bring it: what is in the repository or about to be, and nothing else.
        listed = subprocess.run(
            ["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True
        ).stdout
        for name in filter(None, listed.decode().split("\0")):
            if (ROOT / name).is_file():
                (root / "root/foyer" / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, root / "root/foyer" / name)
        self._process: subprocess.Popen[bytes] | None = None
        self._log = root.parent / f"{root.name}.boot.log"
        self.first = 0
        """Its process 1, as this machine counts."""

    def boot(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen([str(TRIAL / "boot.sh"), str(self.root)], stdout=log, stderr=log)
        own = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        wait_until(lambda: self._is_systemd(own), f"systemd ({self._log})", PATIENCE_S)
        wait_until(
            lambda: self.ask("systemctl", "is-system-running").strip() in {"running", "degraded"},
            "the machine to be up",
            PATIENCE_S,
        )

    def _is_systemd(self, own: Path) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self._log.read_text()[-2_000:]
        children = own.read_text().split()
        if not children or "systemd" not in Path(f"/proc/{children[0]}/cmdline").read_text().split("\0")[0]:
            return False
        self.first = int(children[0])
        return True

    def end(self) -> None:
        """Pull the plug."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(60)
            wait_until(lambda: not Path(f"/proc/{self.first}").exists(), "the machine to be gone", PATIENCE_S)
            for tree in ("", "unified"):
                branch = Path("/sys/fs/cgroup", tree, f"foyer-trial-{self._process.pid}")
                for where, _folders, _files in os.walk(branch, topdown=False):
                    Path(where).rmdir()
            self._process = None

    def _inside(self, user: str = "root") -> list[str]:
        environment = [f"{name}={value}" for name, value in ENVIRONMENT.items()]
        into = ["nsenter", "--target", str(self.first), "--all", "--", "/usr/bin/env", "-i", *environment]
        return into if user == "root" else [*into, "runuser", "-u", user, "--"]

    def run(self, *command: str, user: str = "root") -> str:
        """Run a command inside; return what it said.  Fails with that if it fails."""
        done = subprocess.run(
            [*self._inside(user), *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
        assert done.returncode == 0, done.stdout[-6_000:]
        return done.stdout

    def ask(self, *command: str) -> str:
        """Run a command inside, however it ends."""
        return subprocess.run(
            [*self._inside(), *command], capture_output=True, text=True, check=False, timeout=PATIENCE_S
        ).stdout

    def start(self, *command: str, user: str) -> subprocess.Popen[str]:
        """Start a program inside that is spoken to by its standard input and output."""
        return subprocess.Popen(
            [*self._inside(user), *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def install(self, *arguments: str) -> str:
        return self.run(INSTALLER, *arguments)

    def without_panel(self, name: str) -> None:
        """Let the screen be drawn into memory: what a Pi has and this machine lacks."""
        drop_in = self.root / f"etc/systemd/system/foyer-{name}.service.d/trial.conf"
        drop_in.parent.mkdir(parents=True, exist_ok=True)
        drop_in.write_text(NO_PANEL.format(name=name))

    def state(self, folders: tuple[str, ...] = WATCHED) -> dict[str, tuple[object, ...]]:
        """Every file's owner, mode, time, size and where it leads, by its path."""
        return {
            str(path.relative_to(self.root)): (
                found.st_mode,
                found.st_uid,
                found.st_gid,
                found.st_mtime_ns,
                found.st_size,
                str(path.readlink()) if path.is_symlink() else "",
            )
            for folder in folders
            for path in _all_of(self.root / folder)
            if (found := path.lstat()) and str(path.relative_to(self.root)) not in OF_THE_SYSTEM
        }

    def main_pid(self, unit: str) -> int:
        """A service's process, as this machine's inside counts; 0 if it does not run."""
        return int(self.run("systemctl", "show", "-p", "MainPID", "--value", unit))

    def is_up(self, unit: str) -> bool:
        return self.ask("systemctl", "is-active", unit).strip() == "active"

    def photograph(self, keep: Path) -> Image.Image:
        """What is on the screen now; the picture stays at `keep`."""
        user = self.run("id", "-u", "foyer").strip()
        seat = [f"XDG_RUNTIME_DIR=/run/user/{user}", "WAYLAND_DISPLAY=wayland-0"]
        self.run("env", *seat, "grim", "/run/foyer-trial/screen.png", user="foyer")
        shutil.copy(f"/proc/{self.first}/root/run/foyer-trial/screen.png", keep)
        with Image.open(keep) as image:
            return image.convert("RGB")


def _all_of(folder: Path) -> Iterator[Path]:
    yield folder
    for where, folders, files in os.walk(folder):
        for name in (*folders, *files):
            yield Path(where) / name


def shares(image: Image.Image) -> Mapping[str, float]:
    """How much of a picture each colour is, 0..1."""
    counted = image.getcolors(image.width * image.height) or []
    whole = image.width * image.height
    return {"#{:02x}{:02x}{:02x}".format(*colour): count / whole for count, colour in counted}  # type: ignore[misc]  # RGB


def differences(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


Ring = Callable[[str], None]
"""Holds the badge with this number to the reader."""
