"""Read a commented TOML file into a typed settings class; every error names the key.

Order, later wins: the class's defaults, the file, environment variables, command line.
A table `[broker]` with `host = …` is overridden by `FOYER_KIOSK_BROKER__HOST` (two underscores
between levels) where the prefix is `FOYER_KIOSK_`.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import msgspec

from plumbing.errors import SettingsError

Settings = TypeVar("Settings", bound=msgspec.Struct)


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
            origin[".".join(path)] = f"environment variable {name}"
    for key, value in (overrides or {}).items():
        if value is not None:
            _put(tree, tuple(key.split(".")), value, f"option for {key}")
            origin[key] = "command line"
    _refuse_unknown(kind, tree, (), origin)
    try:
        return msgspec.convert(tree, kind, strict=False)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        key = where.rstrip("`").lstrip(".") or "?"
        key, what = _of_the_field(key, what)
        if "missing required field" in what:
            missing = _missing(what, key)
            hint = (
                ""
                if file is not None
                else "; name a settings file with --settings (docs/operate.md shows one)"
            )
            raise SettingsError(f"{_place(file)}: the key {missing} is missing{hint}") from error
        raise SettingsError(f"{origin.get(key, _place(file))}: the key {key!r} is wrong: {what}") from error


def _read(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as stream:
            return tomllib.load(stream)
    except FileNotFoundError as error:
        raise SettingsError(f"{file}: there is no such settings file") from error
    except OSError as error:
        raise SettingsError(f"{file}: the settings file cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: this is not valid TOML: {error}") from error


def _place(file: Path | None) -> str:
    return str(file) if file is not None else "settings"


def _missing(what: str, key: str) -> str:
    field = what.rpartition("`")[0].rpartition("`")[2]
    return repr(field if key == "?" else f"{key}.{field}")


def _of_the_field(key: str, what: str) -> tuple[str, str]:
    """A struct that refuses a value itself says `field: why`: name that field, not its table."""
    field, colon, why = what.partition(": ")
    if not colon or not field.isidentifier():
        return key, what
    return field if key == "?" else f"{key}.{field}", why


def _note(tree: Mapping[str, Any], path: tuple[str, ...], place: str, origin: dict[str, str]) -> None:
    for key, value in tree.items():
        origin[".".join((*path, key))] = place
        if isinstance(value, dict):
            _note(value, (*path, key), place, origin)


def _put(tree: dict[str, Any], path: tuple[str, ...], value: object, place: str) -> None:
    for key in path[:-1]:
        below = tree.setdefault(key, {})
        if not isinstance(below, dict):
            raise SettingsError(f"{place}: the key {key!r} is a single value, not a table")
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
            place = origin.get(dotted) or next(within, "settings")
            raise SettingsError(f"{place}: there is no key {dotted!r}; keys here: {known}")
        below = hints[key]
        if isinstance(below, type) and issubclass(below, msgspec.Struct):
            if not isinstance(value, dict):
                raise SettingsError(
                    f"{origin.get(dotted, 'settings')}: {dotted!r} must be a table [{dotted}]"
                )
            _refuse_unknown(below, value, (*path, key), origin)
