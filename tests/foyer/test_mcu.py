"""`foyer mcu`: what a board is, in words, and what is written onto it; without a Pico, up to its prompt."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from mpremote import main

from firmware_bridge.door import BridgeFault, Capability
from firmware_bridge.mcu.version import FIRMWARE
from firmware_bridge.port import Port
from firmware_bridge.virtual.door import VirtualDoor
from foyer import board, mcu
from foyer.errors import BoardError
from foyer.language import speaker
from plumbing import words
from tests.fakes.promptboard import PromptBoard
from tests.firmware_bridge.conftest import needs_micropython


@pytest.fixture
def door(nothing_is_left: None) -> Iterator[VirtualDoor]:
    virtual = VirtualDoor()
    virtual.start()
    yield virtual
    virtual.stop()


@needs_micropython
def test_a_board_with_our_firmware_is_said_to_be_right(foyer, door: VirtualDoor):
    ran = foyer("mcu", "status", door.path)
    assert ran.code == 0
    assert f"firmware {FIRMWARE}" in ran.out
    assert "Fitted to it: radar, light ring, buzzer, buttons." in ran.out
    assert "belongs to this Foyer" in ran.out


@needs_micropython
def test_what_is_up_to_date_is_not_written_again(foyer, door: VirtualDoor):
    ran = foyer("mcu", "update", door.path)
    assert (ran.code, ran.out.strip()) == (0, "Its firmware is the one that belongs to this Foyer.")
    assert door.starts == 1


@needs_micropython
def test_an_update_goes_all_the_way_to_the_boards_prompt(foyer, door: VirtualDoor, monkeypatch):
    # A virtual board has no prompt once its firmware has let go: what follows is the real mpremote failing.
    monkeypatch.setattr(board, "COPY_S", 3.0)
    sentence = foyer("mcu", "update", door.path, "--again").sentence
    assert f"{door.path}: the firmware could not be written" in sentence
    assert "BOOTSEL" in sentence
    assert door.starts == 1


@pytest.fixture
def blank(nothing_is_left: None, tmp_path: Path) -> Iterator[PromptBoard]:
    """A board with MicroPython and no files."""
    one = PromptBoard(tmp_path / "blank", tmp_path / "files")
    yield one
    one.close()


@needs_micropython
def test_a_blank_board_is_flashed_by_the_real_mpremote_and_answers(foyer, blank: PromptBoard, tmp_path: Path):
    ran = foyer("mcu", "flash", tmp_path / "blank")
    assert ran.code == 0, ran
    assert f"it is written, and it answers (firmware {FIRMWARE})" in ran.out
    assert {file.name for file in blank.folder.iterdir()} == {
        file.name for file in board.files(with_wiring=True)
    }
    ran = foyer("mcu", "status", tmp_path / "blank")
    assert ran.code == 0
    assert "(pico, firmware" in ran.out


@needs_micropython
def test_a_space_may_write_its_own_wiring(foyer, blank: PromptBoard, tmp_path: Path):
    own = tmp_path / "our-door.py"
    usual = foyer("mcu", "wiring").out
    own.write_text(usual.replace("PIR = None", "PIR = 13").replace("RADAR = (1, 4, 5)", "RADAR = None"))
    ran = foyer("mcu", "flash", tmp_path / "blank", "--wiring", own)
    assert ran.code == 0, ran
    assert "PIR = 13" in (blank.folder / "wiring.py").read_text()
    assert "PIR sensor, light ring" in foyer("mcu", "status", tmp_path / "blank").out


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (None, "cannot be read"),
        ("RADAR = (1,", "no Python"),
        ("RADAR = None\n", "BEAM, BUTTONS, BUZZER, PIR, RING"),
    ],
)
@pytest.mark.parametrize("command", ["flash", "update"])
def test_a_wiring_file_that_says_too_little_is_not_written(
    foyer, tmp_path: Path, command: str, text: str | None, word: str
):
    file = tmp_path / "wiring.py"
    if text is not None:
        file.write_text(text)
    sentence = foyer("mcu", command, tmp_path / "none", "--wiring", file).sentence
    assert str(file) in sentence
    assert word in sentence


@needs_micropython
def test_a_board_with_an_older_firmware_is_updated_and_keeps_its_wiring(foyer, tmp_path: Path):
    files = tmp_path / "files"
    files.mkdir()
    for file in board.files(with_wiring=True):
        (files / file.name).write_bytes(file.read_bytes())
    (files / "version.py").write_text('FIRMWARE = "0.9.0"\n')
    (files / "wiring.py").write_text("RADAR = RING = BUZZER = PIR = BUTTONS = None\nBEAM = 22\n")
    old = PromptBoard(tmp_path / "old", files)
    try:
        ran = foyer("mcu", "status", tmp_path / "old")
        assert ran.code == 1
        assert "Fitted to it: light barrier." in ran.out
        assert f"another firmware ({FIRMWARE})" in ran.out
        ran = foyer("mcu", "update", tmp_path / "old")
        assert ran.code == 0, ran
        assert f"it answers (firmware {FIRMWARE})" in ran.out
        assert "Fitted to it: light barrier." in foyer("mcu", "status", tmp_path / "old").out
        assert old.starts[0] == "main"
        assert "prompt" in old.starts
        assert old.starts[-1] == "main"
    finally:
        old.close()


def test_a_board_whose_port_cannot_be_opened_is_not_written_to(tmp_path: Path):
    with pytest.raises(BoardError, match="could not be written"):
        board.copy(str(tmp_path / "none"), board.files(with_wiring=False))


@pytest.mark.parametrize("command", ["status", "update", "flash"])
def test_a_port_that_is_not_there_is_said(foyer, tmp_path: Path, command: str):
    assert f"There is no port {tmp_path / 'none'}." in foyer("mcu", command, tmp_path / "none").sentence


@needs_micropython
@pytest.mark.parametrize("command", ["status", "update", "flash"])
def test_a_port_the_kiosk_is_using_is_said(foyer, door: VirtualDoor, command: str):
    port = Port(door.path)
    try:
        assert "systemctl stop foyer-kiosk" in foyer("mcu", command, door.path).sentence
    finally:
        port.close()


def test_main_is_copied_last_and_wiring_only_onto_a_new_board():
    every = [file.name for file in board.files(with_wiring=True)]
    assert every[-2:] == ["version.py", "main.py"]
    assert set(every) == {
        "door.py", "frames.py", "hal_pico.py", "ld2410.py", "looks.py", "main.py", "protocol.py", "senses.py",
        "talk.py", "version.py", "wiring.py",
    }  # fmt: skip
    assert [file.name for file in board.files(with_wiring=False)] == [
        name for name in every if name != "wiring.py"
    ]


def test_mpremote_is_told_to_copy_and_to_start_the_board():
    assert board.arguments("/dev/x", [Path("/f/a.py"), Path("/f/main.py")]) == [
        "connect", "/dev/x", "fs", "cp", "/f/a.py", "/f/main.py", ":", "+", "reset",
    ]  # fmt: skip


def test_a_spaces_own_wiring_is_copied_first_and_by_its_name():
    assert board.arguments("/dev/x", [Path("main.py")], Path("/our/door.py"))[2:7] == [
        "fs", "cp", "/our/door.py", ":wiring.py", "+",
    ]  # fmt: skip


def test_mpremotes_own_parsers_understand_that():
    _, port, fs, *rest = board.arguments("/dev/x", [Path("a.py"), Path("main.py")])
    assert fs == "fs"
    assert main.argparse_connect().parse_args([port]).device == [port]
    files = rest[: rest.index("+")]
    copying = main.argparse_filesystem().parse_args(files)
    assert (copying.command, copying.path) == (["cp"], ["a.py", "main.py", ":"])
    assert rest[rest.index("+") + 1 :] == ["reset"]
    assert "reset" in main._BUILTIN_COMMAND_EXPANSIONS


@pytest.mark.parametrize(
    ("theirs", "word"),
    [
        (FIRMWARE, "is the one"),
        ("0.9.9", "another firmware"),
        ("99.0.0", "newer"),
        ("nonsense", "another firmware"),
    ],
)
def test_versions_are_compared_by_their_numbers(theirs: str, word: str):
    assert word in mcu.compared(theirs, FIRMWARE)
    assert "newer" in mcu.compared("1.10.0", "1.9.0")


def test_a_bare_board_has_nothing_fitted():
    assert mcu.fitted(frozenset()) == "Nothing is fitted to it."
    assert mcu.fitted(frozenset({Capability.PIR})) == "Fitted to it: PIR sensor."


@pytest.mark.parametrize("kind", BridgeFault)
def test_every_fault_has_its_sentence_in_both_languages(kind: BridgeFault):
    english = mcu.lost(kind, "/dev/foyer-door")
    french = words.said(english, speaker("fr"))
    assert "/dev/foyer-door" in english
    assert "/dev/foyer-door" in french
    assert french != english


@needs_micropython
def test_a_blank_board_is_said_to_have_no_firmware(foyer, blank: PromptBoard, tmp_path: Path):
    sentence = foyer("mcu", "status", tmp_path / "blank").sentence
    assert "no firmware of Foyer answers" in sentence
    assert f"foyer mcu flash {tmp_path / 'blank'}" in sentence
