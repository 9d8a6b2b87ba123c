"""A wrong setting is one sentence that names the file or variable, the key and the cure."""

import tomllib
from pathlib import Path

import pytest

from hardware.keystrokes import NumberForm
from kiosk.settings import PREFIX, Glyphs, KioskSettings, ReaderKind
from plumbing.errors import SettingsError
from plumbing.settings import load

GOOD = 'id = "front-door"\n[space]\nid = "nook"\n'
EXAMPLE = Path(__file__).parents[2] / "kiosk" / "kiosk.example.toml"


def read(tmp_path: Path, text: str = GOOD, **environment: str) -> KioskSettings:
    file = tmp_path / "kiosk.toml"
    file.write_text(text)
    return load(KioskSettings, file=file, environment=environment, prefix=PREFIX)


def test_two_keys_are_enough(tmp_path: Path):
    found = read(tmp_path)
    assert (found.id, found.space.id) == ("front-door", "nook")
    assert (found.reader.kind, found.reader.path) == (ReaderKind.PN532, "/dev/foyer-reader")
    assert found.database == Path("/var/lib/foyer/kiosk.db")
    assert found.log_file == Path("/var/lib/foyer/kiosk.log")
    assert found.screen.glyphs is Glyphs.SEXTANT


def test_the_example_is_valid_and_its_comments_show_what_holds_without_them(tmp_path: Path):
    text = EXAMPLE.read_text()
    uncommented = "\n".join(
        line.removeprefix("#")
        if line.startswith("#") and " = " in line and not line.startswith("# ")
        else line
        for line in text.splitlines()
    )
    assert tomllib.loads(uncommented) != tomllib.loads(text)
    assert read(tmp_path, uncommented) == read(tmp_path, text)


def test_the_environment_goes_before_the_file(tmp_path: Path):
    found = read(tmp_path, FOYER_KIOSK_BROKER__HOST="hub.local", FOYER_KIOSK_READER__FELICA="true")
    assert (found.broker.host, found.reader.felica) == ("hub.local", True)


@pytest.mark.parametrize(
    ("device", "kind", "where"),
    [
        ("pn532:/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0", ReaderKind.PN532, None),
        ("pcsc:", ReaderKind.PCSC, ""),
        ("pcsc:ACR1252", ReaderKind.PCSC, "ACR1252"),
        ("usb:054c:06c1", ReaderKind.USB, "054c:06c1"),
        ("wedge:/dev/input/by-id/usb-Sycreader-event-kbd", ReaderKind.WEDGE, None),
    ],
)
def test_every_kind_of_reader_can_be_set(tmp_path: Path, device: str, kind: ReaderKind, where: str | None):
    found = read(tmp_path, GOOD + f'[reader]\ndevice = "{device}"\n')
    assert found.reader.kind is kind
    assert found.reader.path == (where if where is not None else device.partition(":")[2])


def test_how_a_reader_types_can_be_set(tmp_path: Path):
    assert read(tmp_path).reader.numbers is NumberForm.ANY
    found = read(tmp_path, GOOD + '[reader]\nnumbers = "decimal reversed"\n')
    assert found.reader.numbers is NumberForm.DECIMAL_REVERSED


def test_a_door_has_a_microcontroller_only_if_it_is_said_where(tmp_path: Path):
    assert read(tmp_path).door.path is None
    assert read(tmp_path).door.dim_after_s == 180.0
    door = read(tmp_path, f'{GOOD}[door]\ndevice = "/dev/foyer-door"\ndim_after_minutes = 0\n').door
    assert (door.path, door.dim_after_s, door.sound) == ("/dev/foyer-door", None, True)


def test_no_reader_is_a_reader(tmp_path: Path):
    found = read(tmp_path, GOOD + '[reader]\ndevice = "none"\n')
    assert (found.reader.kind, found.reader.path) == (ReaderKind.NONE, "")


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        (GOOD.replace("front-door", "Front Door"), "'id'", "cannot stand in a topic"),
        (GOOD.replace("nook", "a/b"), "'space.id'", "cannot stand in a topic"),
        ('[space]\nid = "nook"\n', "'id'", "is missing"),
        ('id = "front-door"\n', "'space'", "is missing"),
        (GOOD + '[reader]\ndevice = "acr122:usb"\n', "'reader.device'", "pn532:/dev/"),
        (GOOD + '[reader]\ndevice = "/dev/ttyUSB0"\n', "'reader.device'", "pn532:/dev/"),
        (GOOD + '[reader]\ndevice = "usb:RC-S380"\n', "'reader.device'", "usb:054c:06c1"),
        (GOOD + '[reader]\ndevice = "pcsc"\n', "'reader.device'", "pcsc:"),
        (GOOD + '[reader]\ndevice = "wedge:event3"\n', "'reader.device'", "wedge:/dev/"),
        (GOOD + '[reader]\nnumbers = "octal"\n', "'reader.numbers'", "octal"),
        (GOOD + "[reader]\nbaud = 9600\n", "'reader.baud'", "use 115200"),
        (GOOD + '[reader]\nfelica = "maybe"\n', "'reader.felica'", "wrong"),
        (GOOD + '[door]\ndevice = "ttyACM0"\n', "'door.device'", "no serial port"),
        (GOOD + "[broker]\nport = 70000\n", "'broker.port'", "from 1 to 65535"),
        (GOOD + '[broker]\nhost = ""\n', "'broker.host'", "it is empty"),
        (GOOD + '[broker]\npassword_file = "x"\n', "'broker.username'", "no name to go with it"),
        (GOOD + '[screen]\nglyphs = "emoji"\n', "'screen.glyphs'", "wrong"),
        (GOOD + '[screen]\ntheme = "pink"\n', "'screen.theme'", "wrong"),
        (GOOD + '[screen]\nmotion = "wild"\n', "'screen.motion'", "wrong"),
        (GOOD + "[screen]\ndistance = 2\n", "'screen.distance'", "wrong"),
        (GOOD + '[screen]\nglyph = "half"\n', "'screen.glyph'", "there is no key"),
        ('reader = "pn532"\n' + GOOD, "'reader'", "must be a table"),
        (GOOD + 'closing = "8pm"\n', "'space.closing'", "use HH:MM"),
        (GOOD + 'timezone = "Paris"\n', "'space.timezone'", "IANA"),
        (GOOD + 'languages = ["fr"]\n', "'space.languages'", "wrong"),
    ],
)
def test_a_wrong_key_in_the_file_is_named_with_its_file(tmp_path: Path, text: str, key: str, says: str):
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, text)
    sentence = str(caught.value)
    assert sentence.startswith(f"{tmp_path}/kiosk.toml: ")
    assert key in sentence
    assert says in sentence


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("FOYER_KIOSK_BROKER__PORT", "many", "'broker.port'"),
        ("FOYER_KIOSK_READER__BAUD", "300", "'reader.baud'"),
        ("FOYER_KIOSK_ID", "Front Door", "'id'"),
        ("FOYER_KIOSK_BROKR__PORT", "1883", "'brokr'"),
    ],
)
def test_a_wrong_value_in_the_environment_is_named_with_its_variable(
    tmp_path: Path, name: str, value: str, key: str
):
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, **{name: value})
    sentence = str(caught.value)
    assert name in sentence
    assert key in sentence


def test_what_is_no_toml_is_said_with_its_line(tmp_path: Path):
    with pytest.raises(SettingsError, match=r"not valid TOML.*line 1"):
        read(tmp_path, "id = front door\n")
