"""Hold a message somebody recorded on the line against `docs/asyncapi.yaml`."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator, FormatChecker

from community.wire.topics import NAME

DOCUMENT = Path(__file__).parents[2] / "docs" / "asyncapi.yaml"


@cache
def document() -> dict[str, Any]:
    """Return the document, read once."""
    return yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))


def schema(name: str) -> dict[str, Any]:
    """Return one of the document's schemas, able to stand alone."""
    return {"$ref": f"#/components/schemas/{name}", "components": document()["components"]}


def validator(name: str) -> Draft7Validator:
    """Return what checks values against one of the document's schemas."""
    return Draft7Validator(schema(name), format_checker=FormatChecker())


def validate(topic: str, payload: bytes) -> None:
    """Check that a message stands in the document and is as described there.

    Args:
        topic: As it was on the line.
        payload: As it was on the line; empty for a retained message that was cleared.

    Raises:
        AssertionError: The topic is no channel, or the payload is not what the channel carries.
    """
    name = message_on(topic)
    assert name is not None, f"{topic}: no channel of docs/asyncapi.yaml has this address"
    try:
        value = json.loads(payload)
    except ValueError as error:
        raise AssertionError(f"{topic}: the payload is not JSON") from error
    wrong = [f"{error.json_path}: {error.message}" for error in validator(name).iter_errors(value)]
    assert not wrong, f"{topic}: this is no {name}: " + "; ".join(wrong)


def message_on(topic: str) -> str | None:
    """Return the name of the message a topic carries, or `None` if it is no channel's."""
    for channel in document()["channels"].values():
        pattern = re.sub(r"\\{\w+\\}", lambda _: f"(?:{NAME.pattern})", re.escape(channel["address"]))
        if re.fullmatch(pattern, topic):
            (message,) = channel["messages"].values()
            return message["$ref"].rpartition("/")[2]
    return None
