"""Read a commented TOML file into a typed settings class; every error names the key.

Order, later wins: the class's defaults, the file, environment variables, command line.
A table `[broker]` with `host = …` is overridden by `FOYER_KIOSK_BROKER__HOST` (two underscores
between levels) where the prefix is `FOYER_KIOSK_`.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import msgspec

from plumbing.errors import SettingsError, WrongValueError
from plumbing.words import Sentence, why

Settings = TypeVar("Settings", bound=msgspec.Struct)

WRONG_TYPE = re.compile("Expected `(?P<wanted>[^`]*)`, got `(?P<found>[^`]*)`")
WRONG_WORD = re.compile("Invalid enum value (?P<value>.*)")
"""How msgspec says the two commonest mistakes."""


def load(
    kind: type[Settings],
    *,
    file: Path | None,
    environment: Mapping[str, str],
    prefix: str,
    overrides: Mapping[str, object] | None = None,
) -> Settings:
    """Return the settings, or say exactly what is wrong.

    Args:
        kind: A frozen struct; its fields are the keys, structs in it the tables.
        file: The TOML file, or `None` to do without.
        environment: Usually `os.environ`; only names that begin with `prefix` are looked at.
        prefix: With its trailing underscore.
        overrides: From the command line: dotted key to value; `None` values are left out.

    Raises:
        SettingsError: Names the file or variable, the key, what is wrong, and what is allowed.
    """
    tree: dict[str, Any] = {}
    origin: dict[str, str] = {}
    if file is not None:
        tree = _read(file)
        _note(tree, (), str(file), origin)
    for name in sorted(environment):
        if name.startswith(prefix):
            path = tuple(part.lower() for part in name.removeprefix(prefix).split("__"))
            _put(tree, path, environment[name], name)
            origin[".".join(path)] = Sentence("environment variable {name}", name=name)
    for key, value in (overrides or {}).items():
        if value is not None:
            _put(tree, tuple(key.split(".")), value, Sentence("option for {key}", key=key))
            origin[key] = Sentence("command line")
    _refuse_unknown(kind, tree, (), origin)
    try:
        return msgspec.convert(tree, kind, strict=False)
    except msgspec.ValidationError as error:
        told, _, where = str(error).partition(" - at `$")
        key = where.rstrip("`").lstrip(".") or "?"
        if "missing required field" in told:
            raise SettingsError(_missing(file, told, key)) from error
        key, what = _of_the_field(error.__cause__, key, told)
        place = origin.get(key, _place(file))
        raise SettingsError(
            Sentence("{place}: the key {key!r} is wrong: {what}", place=place, key=key, what=what)
        ) from error


def _read(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as stream:
            return tomllib.load(stream)
    except FileNotFoundError as error:
        raise SettingsError(Sentence("{file}: there is no such settings file", file=file)) from error
    except OSError as error:
        raise SettingsError(
            Sentence("{file}: the settings file cannot be read: {why}", file=file, why=why(error))
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            Sentence("{file}: this is not valid TOML: {error}", file=file, error=error)
        ) from error


def _place(file: Path | None) -> str:
    return str(file) if file is not None else Sentence("settings")


def _missing(file: Path | None, told: str, key: str) -> Sentence:
    field = told.rpartition("`")[0].rpartition("`")[2]
    key = field if key == "?" else f"{key}.{field}"
    if file is None:
        return Sentence(
            "settings: the key {key!r} is missing; "
            "name a settings file with --settings (docs/operate.md shows one)",
            key=key,
        )
    return Sentence("{file}: the key {key!r} is missing", file=file, key=key)


def _of_the_field(cause: BaseException | None, key: str, told: str) -> tuple[str, str]:
    """Return which key is wrong and why: a struct that refuses a value itself names the field."""
    if isinstance(cause, WrongValueError):
        return cause.field if key == "?" else f"{key}.{cause.field}", cause.sentence
    if found := WRONG_TYPE.fullmatch(told):
        return key, Sentence("Expected `{wanted}`, got `{found}`", **found.groupdict())
    if found := WRONG_WORD.fullmatch(told):
        return key, Sentence("Invalid enum value {value}", **found.groupdict())
    return key, told


def _note(tree: Mapping[str, Any], path: tuple[str, ...], place: str, origin: dict[str, str]) -> None:
    for key, value in tree.items():
        origin[".".join((*path, key))] = place
        if isinstance(value, dict):
            _note(value, (*path, key), place, origin)


def _put(tree: dict[str, Any], path: tuple[str, ...], value: object, place: str) -> None:
    for key in path[:-1]:
        below = tree.setdefault(key, {})
        if not isinstance(below, dict):
            raise SettingsError(
                Sentence("{place}: the key {key!r} is a single value, not a table", place=place, key=key)
            )
        tree = below
    tree[path[-1]] = value


def _refuse_unknown(
    kind: type[msgspec.Struct], tree: Mapping[str, Any], path: tuple[str, ...], origin: Mapping[str, str]
) -> None:
    """A key we do not know is a typing mistake: say so rather than run with the default."""
    hints = get_type_hints(kind)
    for key, value in tree.items():
        dotted = ".".join((*path, key))
        if key not in hints:
            known = ", ".join(sorted(hints))
            within = (origin[name] for name in sorted(origin) if name.startswith(f"{dotted}."))
            place = origin.get(dotted) or next(within, Sentence("settings"))
            raise SettingsError(
                Sentence(
                    "{place}: there is no key {key!r}; keys here: {known}",
                    place=place,
                    key=dotted,
                    known=known,
                )
            )
        below = hints[key]
        if isinstance(below, type) and issubclass(below, msgspec.Struct):
            if not isinstance(value, dict):
                place = origin.get(dotted, Sentence("settings"))
                raise SettingsError(
                    Sentence("{place}: {key!r} must be a table [{key}]", place=place, key=dotted)
                )
            _refuse_unknown(below, value, (*path, key), origin)
