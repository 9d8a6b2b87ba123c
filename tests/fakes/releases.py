"""Real releases of Foyer, made in a moment, and a machine they are installed on.

The wheel is the one that `make release` builds; later versions are that wheel with something changed in it.
What Foyer depends on is one wheel of our own which points at the libraries of the tests: everything else -
virtual environments, pip, hashes, signatures, programs - is real.
"""

import base64
import hashlib
import os
import signal
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from foyer.updating.building import machine
from foyer.updating.layout import COMPLETE, Layout
from foyer.updating.packing import manifest_of, pack
from foyer.updating.services import PROGRAMS
from hardware.virtual.cards import Ntag213
from hardware.virtual.port import VirtualPn532
from plumbing.signing import SigningKey
from tests.fakes.programs import LIMIT_S, kiosk_rows, space, wait_until

ROOT = Path(__file__).parents[2]
PYTHON = Path(sys.base_prefix) / "bin/python3"
KEY = SigningKey("11" * 32)
AT_S = 1_767_225_600

PATIENT_S = 300.0
"""Seconds for what waits for several programs to start, on a machine that is busy with other tests."""

HUB_STEP = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "9001", "{head}"
def upgrade():
    op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))
    op.add_column("events", sa.Column("later", sa.Text))
"""
KIOSK_STEP = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "9001", "{head}"
def upgrade():
    op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))
    op.add_column("log", sa.Column("later", sa.Text))
"""
FOR_GOOD = KIOSK_STEP + '    op.drop_table("tries")\n'
FAILS = KIOSK_STEP + '    raise RuntimeError("this migration does not work")\n'


def head(program: str) -> str:
    """The newest migration there is."""
    return max(
        file.stem.partition("_")[0] for file in (ROOT / program / "store/migrations/versions").glob("0*.py")
    )


def step(program: str, text: str) -> dict[str, str]:
    """A migration more, to put into a wheel."""
    return {f"{program}/store/migrations/versions/9001_later.py": text.replace("{head}", head(program))}


MIGRATES = {**step("sync", HUB_STEP), **step("kiosk", KIOSK_STEP)}


def never_says_that_it_is_up(wheel: Path) -> dict[str, str]:
    """A kiosk that works, but leaves no word of it."""
    with zipfile.ZipFile(wheel) as files:
        text = files.read("foyer/programs.py").decode()
    assert text.count("ready=up") == 1
    return {"foyer/programs.py": text.replace("ready=up", "ready=None")}


def build_wheel(dist: Path) -> Path:
    """Build Foyer's wheel, as `make release` does."""
    command = [sys.executable, str(ROOT / "deploy/packages/release.py"), "build", str(dist)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(AT_S)}
    subprocess.run(command, check=True, capture_output=True, env=environment, cwd=ROOT)
    (wheel,) = dist.glob("*.whl")
    return wheel


def changed(wheel: Path, folder: Path, version: str, files: Mapping[str, str]) -> Path:
    """Another version of a wheel, with files replaced or added."""
    folder.mkdir(parents=True, exist_ok=True)
    old = wheel.name.split("-")[1]
    target = folder / wheel.name.replace(f"-{old}-", f"-{version}-")
    with zipfile.ZipFile(wheel) as source:
        contents = {name: source.read(name) for name in source.namelist() if not name.endswith("/RECORD")}
    contents |= {name: text.encode() for name, text in files.items()}
    info = f"foyer_kiosk-{old}.dist-info/"
    contents[f"{info}METADATA"] = contents[f"{info}METADATA"].replace(
        f"\nVersion: {old}\n".encode(), f"\nVersion: {version}\n".encode()
    )
    renamed = {name.replace(info, info.replace(old, version)): body for name, body in contents.items()}
    return write_wheel(target, renamed, info.replace(old, version))


def write_wheel(target: Path, contents: Mapping[str, bytes], info: str) -> Path:
    """Write a wheel with its record."""
    lines = [
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(body).digest()).rstrip(b'=').decode()},{len(body)}"
        for name, body in contents.items()
    ]
    with zipfile.ZipFile(target, "w") as files:
        for name, body in contents.items():
            files.writestr(name, body)
        files.writestr(f"{info}RECORD", "\n".join([*lines, f"{info}RECORD,,", ""]))
    return target


def libraries(folder: Path) -> tuple[Path, Path]:
    """A wheelhouse with one wheel, which lends a machine the libraries of the tests; and its lock."""
    house = folder / "wheels"
    house.mkdir(parents=True, exist_ok=True)
    info = "lent_libraries-1.0.dist-info/"
    wheel = write_wheel(
        house / "lent_libraries-1.0-py3-none-any.whl",
        {
            "lent_libraries.pth": f"{sysconfig.get_path('purelib')}\n".encode(),
            f"{info}METADATA": b"Metadata-Version: 2.1\nName: lent-libraries\nVersion: 1.0\n",
            f"{info}WHEEL": b"Wheel-Version: 1.0\nGenerator: us\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        },
        info,
    )
    lock = folder / "lock.txt"
    lock.write_text(f"lent-libraries==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n")
    return house, lock


@dataclass(frozen=True)
class Maker:
    """Makes releases of one wheel."""

    wheel: Path
    folder: Path

    def release(self, version: str, files: Mapping[str, str] | None = None, *, key: SigningKey = KEY) -> Path:
        """A release file of a version with something changed in it."""
        house, lock = libraries(self.folder)
        wheel = changed(self.wheel, self.folder / version, version, files or {})
        manifest, parts = manifest_of(wheel, lock, house, machine())
        target = self.folder / f"foyer-{version}.tar"
        pack(target, manifest, parts, key, AT_S)
        return target


@dataclass
class Machine:
    """A machine with one release installed, as install.sh leaves it, under a folder that stands for `/`."""

    root: Path
    maker: Maker
    layout: Layout = field(init=False)
    _cards: int = 0

    def __post_init__(self) -> None:
        self.layout = Layout(self.root)
        for folder in ("etc/foyer", "opt/foyer/releases", "var/lib/foyer", "run"):
            (self.root / folder).mkdir(parents=True)
        self.layout.key.write_text(f"# ours\n{KEY.public}\n")
        release = self.layout.releases / "0.1.0-00000000"
        house, lock = libraries(self.maker.folder)
        subprocess.run([PYTHON, "-m", "venv", release], check=True)
        pip = [release / "bin/pip", "install", "--quiet", "--no-index", "--disable-pip-version-check"]
        subprocess.run([*pip, "--find-links", house, "--require-hashes", "-r", lock], check=True)
        subprocess.run([*pip, "--no-deps", self.maker.wheel], check=True)
        (release / COMPLETE).touch()
        self.layout.current.symlink_to(release)

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.root / "var/lib/foyer"

    @property
    def release(self) -> str:
        """The version that `current` names."""
        return self.layout.running().name.partition("-")[0]

    def has_kiosk(self, device: str, broker_port: int) -> None:
        """Give it a kiosk."""
        (self.layout.settings / "kiosk.toml").write_text(
            f'id = "front-door"\ndata_folder = "{self.data}"\nbadge_key_file = "{self.data}/badge.key"\n'
            f"{space()}"
            f'[reader]\ndevice = "{device}"\n[broker]\nport = {broker_port}\n[sound]\nplayer = "none"\n'
        )

    def has_hub(self, broker_port: int, dashboard_port: int) -> None:
        """Give it a hub with a broker inside."""
        (self.layout.settings / "hub.toml").write_text(
            f'database = "sqlite:///{self.data}/hub.db"\nbadge_key_file = "{self.data}/badge.key"\n{space()}'
            f"[broker]\nport = {broker_port}\nembedded = true\n[dashboard]\nport = {dashboard_port}\n"
        )

    def begin(
        self, *arguments: object, environment: Mapping[str, str] | None = None
    ) -> "subprocess.Popen[str]":
        """Begin `foyer update` with arguments, as a process of its own that can be killed."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.fakes.updater", str(self.root), *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def update(self, *arguments: object, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Run it to its end; return its exit status and what it said."""
        process = self.begin(*arguments, environment=environment)
        said, _ = process.communicate(timeout=300)
        return process.returncode, said

    def says(self, program: str) -> str:
        """What a program has written to its log so far."""
        file = self.root / f"run/{program}.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def start(self) -> None:
        """Start every program that belongs on it, and wait until the kiosk reads badges."""
        services = Processes(self.layout)
        ready = self.reads_badges
        services.start(services.wanted())
        wait_until(lambda: self.reads_badges > ready, "the reader to be ready", PATIENT_S)

    @property
    def reads_badges(self) -> int:
        """How often a kiosk has begun to read badges."""
        return self.says("kiosk").count("is ready")

    @property
    def log(self) -> int:
        """How many events the kiosk's log holds."""
        return len(kiosk_rows(self.data / "kiosk.db"))

    def tap(self, virtual: VirtualPn532) -> None:
        """Present a card nobody has seen, until the kiosk has written that down."""
        before = self.log
        self._cards += 1
        virtual.present(Ntag213(bytes((4, *self._cards.to_bytes(6, "big")))))
        wait_until(lambda: self.log > before, "the tap to be written down", PATIENT_S)
        virtual.lift()
        assert virtual.wait_for_polls(3, LIMIT_S)

    def close(self) -> None:
        """End every program."""
        Processes(self.layout).stop(PROGRAMS)


class Processes:
    """Services without systemd: processes that live on when whoever started them dies."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def wanted(self) -> tuple[str, ...]:
        return tuple(name for name in PROGRAMS if (self._layout.settings / f"{name}.toml").exists())

    def stop(self, programs: Sequence[str]) -> None:
        for program in reversed(programs):  # the broker inside the hub waits for its guests to go
            process = self._process(program)
            if process is not None:
                process.send_signal(signal.SIGTERM)
                wait_until(lambda name=program: self._process(name) is None, f"{program} to end", PATIENT_S)

    def start(self, programs: Sequence[str]) -> None:
        for program in programs:
            if self._process(program) is None:
                self._start(program)

    def is_up(self, program: str) -> bool:
        return self._process(program) is not None

    def _start(self, program: str) -> None:
        options = ("--headless", "--trace") if program == "kiosk" else ()
        settings = self._layout.settings / f"{program}.toml"
        log = str(self._layout.root / f"run/{program}.log")
        command = [str(self._layout.current / "bin/foyer"), program, "--settings", str(settings), *options]
        writes = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, log, writes, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ]
        # not a child to be waited for: it outlives whoever started it
        pid = os.posix_spawn(command[0], command, os.environ, file_actions=actions, setsid=True)
        self._file(program).write_text(str(pid))

    def _file(self, program: str) -> Path:
        return self._layout.root / f"run/{program}.pid"

    def _process(self, program: str) -> psutil.Process | None:
        try:
            process = psutil.Process(int(self._file(program).read_text()))
            alive = process.status() != psutil.STATUS_ZOMBIE
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            return None
        return process if alive else None
