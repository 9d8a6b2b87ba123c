from pathlib import Path

import msgspec
import pytest

from plumbing.errors import SettingsError, WrongValueError
from plumbing.settings import load


class Door(msgspec.Struct, frozen=True):
    width: int = 90
    colour: str = "green"

    def __post_init__(self) -> None:
        if self.width < 60:
            raise WrongValueError("width", "nobody fits through; use 60 or more")


class House(msgspec.Struct, frozen=True):
    name: str
    heated: bool = False
    door: Door = Door()

    def __post_init__(self) -> None:
        if not self.name:
            raise WrongValueError("name", "it is empty")


def read(tmp_path: Path, text: str, environment: dict[str, str] | None = None, **overrides: object) -> House:
    file = tmp_path / "house.toml"
    file.write_text(text)
    return load(House, file=file, environment=environment or {}, prefix="HOUSE_", overrides=overrides)


def test_later_wins_default_file_environment_command_line(tmp_path: Path):
    assert read(tmp_path, 'name = "A"') == House("A")
    assert read(tmp_path, 'name = "A"\n[door]\nwidth = 80').door.width == 80
    environment = {"HOUSE_DOOR__WIDTH": "85", "HOUSE_HEATED": "true", "OTHER_NAME": "no"}
    from_environment = read(tmp_path, 'name = "A"\n[door]\nwidth = 80', environment)
    assert (from_environment.door.width, from_environment.heated) == (85, True)
    assert read(tmp_path, 'name = "A"', environment, **{"door.width": 95, "heated": None}).door.width == 95
    assert load(House, file=None, environment={"HOUSE_NAME": "B"}, prefix="HOUSE_") == House("B")


@pytest.mark.parametrize(
    ("text", "key", "why"),
    [
        ("", "'name'", "missing"),
        ("name = 3", "'name'", "Expected `str`"),
        ('name = ""', "'name'", "it is empty"),
        ('name = "A"\n[door]\nwidth = "wide"', "'door.width'", "Expected `int`"),
        ('name = "A"\n[door]\nwidth = 5', "'door.width'", "nobody fits through"),
        ('name = "A"\nnmae = "B"', "'nmae'", "there is no key"),
        ('name = "A"\n[door]\nheight = 5', "'door.height'", "keys here: colour, width"),
        ('name = "A"\ndoor = 5', "'door'", "must be a table"),
        ('name = "A', "house.toml", "not valid TOML"),
    ],
)
def test_what_is_wrong_names_the_file_the_key_and_the_cure(tmp_path: Path, text, key, why):
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, text)
    assert "house.toml" in str(caught.value)
    assert key in str(caught.value)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        (
            "HOUSE_DOOR__WIDTH",
            "5",
            "environment variable HOUSE_DOOR__WIDTH: the key 'door.width' is wrong: nobody",
        ),
        ("HOUSE_DOOR__WIDTH", "wide", "environment variable HOUSE_DOOR__WIDTH"),
        ("HOUSE_DOOR__WIDHT", "5", "environment variable HOUSE_DOOR__WIDHT: there is no key"),
        ("HOUSE_NAME__FIRST", "A", "single value, not a table"),
        ("HOUSE_DOOR", "A", "environment variable HOUSE_DOOR: 'door' must be a table"),
    ],
)
def test_a_wrong_variable_is_named(tmp_path: Path, name, value, why):
    with pytest.raises(SettingsError, match=why):
        read(tmp_path, 'name = "A"', {name: value})


def test_a_wrong_option_of_the_command_line_is_named(tmp_path: Path):
    with pytest.raises(SettingsError, match=r"command line: the key 'door.width' is wrong"):
        read(tmp_path, 'name = "A"', **{"door.width": "wide"})


def test_a_file_that_is_not_there_or_not_readable_is_named(tmp_path: Path):
    with pytest.raises(SettingsError, match="no such settings file"):
        load(House, file=tmp_path / "none.toml", environment={}, prefix="HOUSE_")
    with pytest.raises(SettingsError, match="cannot be read"):
        load(House, file=tmp_path, environment={}, prefix="HOUSE_")
    (tmp_path / "latin.toml").write_bytes('name = "é"'.encode("latin-1"))
    with pytest.raises(SettingsError, match="not valid TOML"):
        load(House, file=tmp_path / "latin.toml", environment={}, prefix="HOUSE_")
