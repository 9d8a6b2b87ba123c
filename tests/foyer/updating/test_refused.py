"""What is refused, and that nothing was changed; what cannot be undone is only done when it was asked for."""

import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from foyer.updating.projecting import schema_of
from kiosk.store.tables import open_database
from plumbing.signing import SigningKey
from tests.fakes.brokers import free_port
from tests.fakes.releases import FAILS, FOR_GOOD, KEY, Machine, Maker, head, step


@pytest.fixture(scope="module")
def quiet(machine: Machine) -> Machine:
    """A machine with the kiosk's database, and no program running."""
    machine.has_kiosk("none", free_port())
    open_database(machine.data / "kiosk.db").close()
    return machine


@pytest.fixture
def unchanged(quiet: Machine) -> Iterator[Machine]:
    """The machine; afterwards it runs what it ran, and nothing was left behind."""
    before = sorted(place.name for place in quiet.layout.releases.iterdir())
    yield quiet
    assert quiet.release == "0.1.0"
    assert schema_of(quiet.data / "kiosk.db") == head("kiosk")
    assert not (quiet.layout.state / "journal.json").exists()
    assert not quiet.layout.staging.exists()
    assert len([name for name in before if name.startswith("0.1.0")]) == 1


def spoil(part: str) -> Callable[[Path, Path], Path]:
    """Return what flips a bit in one part of a release, which is then a folder."""

    def spoilt(release: Path, folder: Path) -> Path:
        with tarfile.open(release) as tar:
            tar.extractall(folder, filter="data")
        (file,) = folder.glob(part)
        body = bytearray(file.read_bytes())
        body[len(body) // 2] ^= 1
        file.write_bytes(body)
        return folder

    return spoilt


def cut_off(release: Path, folder: Path) -> Path:
    cut = folder / "cut.tar"
    cut.write_bytes(release.read_bytes()[: release.stat().st_size // 2])
    return cut


def a_picture(_release: Path, folder: Path) -> Path:
    picture = folder / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n")
    return picture


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (spoil("manifest.json"), "is not signed by anybody this machine trusts"),
        (spoil("manifest.sig"), "is not signed by anybody this machine trusts"),
        (spoil("foyer_kiosk-*.whl"), "is damaged (foyer_kiosk-"),
        (spoil("requirements.txt"), "is damaged (requirements.txt)"),
        (spoil("wheels/*.whl"), "is damaged (wheels/"),
        (cut_off, "is no release of Foyer|is damaged|cannot be read"),
        (a_picture, "is no release of Foyer"),
        (lambda _release, folder: folder / "missing.tar", "cannot be read"),
    ],
    ids=["manifest", "signature", "wheel", "lock", "library", "cut", "picture", "missing"],
)
def test_what_is_not_whole_or_not_signed_is_refused(
    unchanged: Machine, maker: Maker, tmp_path: Path, change: Callable[[Path, Path], Path], sentence: str
):
    code, said = unchanged.update(change(maker.release("0.2.0"), tmp_path))
    assert code == 2, said
    assert any(part in said for part in sentence.split("|")), said
    assert "Traceback" not in said


def test_a_release_of_somebody_else_is_refused(unchanged: Machine, maker: Maker):
    code, said = unchanged.update(maker.release("0.2.1", key=SigningKey("22" * 32)))
    assert code == 2
    assert "is not signed by anybody this machine trusts" in said


def test_a_machine_without_the_key_says_what_to_do(unchanged: Machine, maker: Maker):
    unchanged.layout.key.unlink()
    try:
        code, said = unchanged.update(maker.release("0.2.0"))
    finally:
        unchanged.layout.key.write_text(KEY.public)
    assert code == 2
    assert "Put the public key" in said


def test_an_older_release_must_be_meant(unchanged: Machine, maker: Maker):
    code, said = unchanged.update(maker.release("0.0.9"))
    assert code == 2
    assert "add --older" in said


def test_a_migration_that_does_not_work_is_found_on_a_copy(unchanged: Machine, maker: Maker):
    code, said = unchanged.update(maker.release("0.2.2", step("kiosk", FAILS)))
    assert code == 2
    assert "this migration does not work" in said


def test_what_cannot_be_taken_back_must_be_meant(unchanged: Machine, maker: Maker):
    code, said = unchanged.update(maker.release("0.2.3", step("kiosk", FOR_GOOD)))
    assert code == 2
    assert "cannot be taken back by itself" in said
    assert "--no-way-back" in said


def test_there_is_nothing_to_finish(unchanged: Machine):
    assert unchanged.update("--finish") == (0, "")
