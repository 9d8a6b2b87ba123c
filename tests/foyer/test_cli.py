"""What an operator can mend is one sentence on standard error, and exit status 2."""

import os
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

SPACE = '[space]\nid = "nook"\n'
KIOSK = f'id = "front-door"\n{SPACE}'
LOBBY_EXAMPLE = Path(__file__).parents[2] / "kiosk" / "lobby.example.toml"
HUB = f'database = "sqlite:///hub.db"\nbadge_key_file = "badge.key"\n{SPACE}'


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("foyer.cli.KIOSK_FILE", tmp_path / "none.toml")
    monkeypatch.setattr("foyer.cli.HUB_FILE", tmp_path / "none.toml")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


def test_the_version_is_the_installed_one(foyer):
    ran = foyer("--version")
    assert (ran.code, ran.out.strip()) == (0, version("foyer-kiosk"))


@pytest.mark.parametrize(
    "command", ["demo", "tap", "kiosk", "hub", "doctor", "members", "bench", "lobby", "update", "backup"]
)
def test_the_help_names_every_command(foyer, command: str):
    assert command in foyer("--help").out
    assert foyer(command, "--help").code == 0


@pytest.mark.parametrize(
    ("program", "text", "key"),
    [
        ("kiosk", KIOSK + "[broker]\nport = 0\n", "'broker.port'"),
        ("kiosk", KIOSK + "[reeder]\n", "'reeder'"),
        ("kiosk", SPACE, "'id'"),
        ("hub", HUB + "[dashboard]\nport = 99999\n", "'dashboard.port'"),
        ("hub", HUB + "[dashbored]\n", "'dashbored'"),
        ("hub", HUB.replace("nook", "The Nook"), "'space.id'"),
    ],
)
def test_a_wrong_key_in_a_settings_file_is_named(foyer, tmp_path: Path, program: str, text: str, key: str):
    file = tmp_path / "settings.toml"
    file.write_text(text)
    sentence = foyer(program, "--settings", file).sentence
    assert str(file) in sentence
    assert key in sentence


@pytest.mark.parametrize(
    ("program", "name", "value", "key"),
    [
        ("kiosk", "FOYER_KIOSK_BROKER__PORT", "door", "'broker.port'"),
        ("kiosk", "FOYER_KIOSK_READER__DEVICE", "usb", "'reader.device'"),
        ("hub", "FOYER_HUB_DASHBOARD__PORT", "door", "'dashboard.port'"),
        ("hub", "FOYER_HUB_SPACE__CLOSING", "late", "'space.closing'"),
    ],
)
def test_a_wrong_value_in_the_environment_is_named(
    foyer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, name: str, value: str, key: str
):
    file = tmp_path / "settings.toml"
    file.write_text(KIOSK if program == "kiosk" else HUB)
    monkeypatch.setenv(name, value)
    sentence = foyer(program, "--settings", file).sentence
    assert name in sentence
    assert key in sentence


@pytest.mark.parametrize("program", ["kiosk", "hub"])
def test_a_settings_file_that_is_not_there_is_named(foyer, tmp_path: Path, program: str):
    missing = tmp_path / "missing.toml"
    assert (
        foyer(program, "--settings", missing).sentence == f"foyer: {missing}: there is no such settings file"
    )


def test_a_database_nobody_supports_is_said(foyer, tmp_path: Path):
    file = tmp_path / "hub.toml"
    file.write_text(HUB.replace("sqlite:///hub.db", "mysql://x"))
    assert "use sqlite:///" in foyer("hub", "--settings", file).sentence


def test_a_kiosk_without_a_terminal_says_how_to_do_without(foyer, tmp_path: Path):
    file = tmp_path / "kiosk.toml"
    file.write_text(KIOSK)
    assert "add --headless" in foyer("kiosk", "--settings", file).sentence
    assert "add --headless" in foyer("kiosk", "--settings", file, "--trace").sentence


def test_a_demo_without_a_terminal_says_how_to_do_without(foyer):
    assert "foyer demo --headless" in foyer("demo").sentence


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_the_hub_has_commands_of_its_own_and_each_asks_for_settings(foyer, tmp_path: Path, command: str):
    assert command in foyer("hub", "--help").out
    assert foyer("hub", command, "--help").code == 0
    assert "name their file with --settings" in foyer("hub", command, tmp_path / "a.backup").sentence


def test_a_tap_without_a_demo_says_how_to_start_one(foyer):
    assert "start one with `foyer demo`" in foyer("tap", "Priya").sentence


def test_an_import_without_a_hub_says_what_is_missing(foyer, tmp_path: Path):
    assert (
        "name the hub's settings file with --settings"
        in foyer("members", "import", tmp_path / "m.csv").sentence
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("demo", "--headless", "--taps", "0"), "--taps must be 1 or more, not 0"),
        (("bench", "tap", "--taps", "0"), "--taps must be 2 or more, not 0"),
        (("bench", "tap", "--taps", "1"), "--taps must be 2 or more, not 1"),
    ],
)
def test_too_few_taps_are_refused_before_anything_starts(foyer, arguments: tuple[str, ...], sentence: str):
    assert sentence in foyer(*arguments).sentence


def test_errors_of_every_room_are_said_in_french(foyer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    file = tmp_path / "settings.toml"

    def hub(text: str) -> str:
        file.write_text(text)
        return foyer("hub", "--settings", file).sentence

    assert "la clé 'space.closing' ne va pas\u00a0: 'late' n’est pas une heure" in hub(
        HUB + 'closing = "late"\n'
    )
    assert "la clé 'dashboard.port' ne va pas\u00a0: attendu\u00a0: `int`" in hub(
        HUB + '[dashboard]\nport = "x"\n'
    )
    assert "la clé 'dashbored' n’existe pas" in hub(HUB + "[dashbored]\n")
    assert "la clé 'space' manque" in hub('database = "sqlite:///hub.db"\n')
    assert "'mysql' n’est pas pris en charge" in hub(HUB.replace("sqlite:///hub.db", "mysql://x"))
    assert "c’est un dossier" in foyer("hub", "--settings", tmp_path).sentence
    (tmp_path / "no database").write_text("this is no database, and long enough to be seen as none")
    assert "est abîmée" in hub(HUB.replace("sqlite:///hub.db", f"sqlite:///{tmp_path}/no database"))
    assert "aucune démo ne répond ici" in foyer("tap", "Priya").sentence
    assert "la démo a besoin d’un terminal" in foyer("demo").sentence


@pytest.mark.parametrize("command", ["doctor", "--help", "--version"])
def test_a_reader_who_goes_away_is_no_failure(command: str, tmp_path: Path):
    """As in `foyer doctor | head -1`: nothing is said about it."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "foyer", command],
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writing)
    assert done.stderr == ""
    assert done.returncode in {1, 128 + signal.SIGPIPE}


def test_an_option_nobody_knows_starts_nothing(foyer):
    ran = foyer("hub", "--colour", "blue")
    assert ran.code != 0
    assert "--colour" in ran.out + ran.err


def test_a_lobby_screen_is_not_set_like_a_kiosk(foyer, tmp_path: Path):
    file = tmp_path / "kiosk.toml"
    file.write_text(KIOSK + '[reader]\ndevice = "pcsc:"\n')
    ran = foyer("lobby", "--settings", str(file))
    assert ran.code == 2
    assert "these are the settings of a kiosk with a reader" in ran.err
    file.write_text(KIOSK)
    ran = foyer("lobby", "--settings", str(file))
    assert (ran.code, "needs a terminal" in ran.err) == (2, True)


def test_the_example_of_a_lobby_screen_holds(foyer):
    assert "needs a terminal" in foyer("lobby", "--settings", str(LOBBY_EXAMPLE)).err


def test_without_a_demo_there_is_no_second_screen_of_one(foyer, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ran = foyer("lobby", "--demo")
    assert (ran.code, "no demo answers here" in ran.err) == (2, True)


def test_an_update_says_what_it_needs(foyer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert "say which release" in foyer("update", "--root", tmp_path).sentence
    assert "say which release" in foyer("update", "x.tar", "--rollback", "--root", tmp_path).sentence
    assert "was not set up by install.sh" in foyer("update", "x.tar", "--root", tmp_path).sentence
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert "put sudo before it" in foyer("update", "x.tar").sentence
