"""From bytes to messages and back; what cannot be read is a value, never an exception.

Pure.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, TypeVar, cast

import msgspec

from community.events import Record
from community.wire.messages import EventKey, FeedItem, FeedPage
from community.wire.versions import WIRE

Message = TypeVar("Message", bound=msgspec.Struct)

_encoder = msgspec.json.Encoder()
_record = msgspec.json.Decoder(Record)
_key = msgspec.json.Decoder(EventKey)

_KIND = " - at `$.event.kind`"
_OWN_WORDS = ("Expected `", "Object missing required field `")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Bytes that are not what they should be."""

    reason: str
    """One sentence without any of the content: it is logged and shown to hosts."""
    seq: int | None = None
    """The event's number if at least that could be read."""


class _Version(msgspec.Struct, frozen=True):
    v: Annotated[int, msgspec.Meta(ge=0, le=9999)] = WIRE


_NULL = msgspec.Raw(b"null")


class _ItemRead(FeedItem, frozen=True):
    """A feed item while it is read: msgspec reads raw JSON or `None`, but not either of them."""

    body: msgspec.Raw = _NULL


class _PageRead(FeedPage, frozen=True, kw_only=True):
    items: tuple[_ItemRead, ...]


_version = msgspec.json.Decoder(_Version)


def encode(message: msgspec.Struct) -> bytes:
    """Return the message's JSON."""
    return _encoder.encode(message)


def decode(payload: bytes, kind: type[Message]) -> Message | Unreadable:
    """Read a message of a known kind."""
    try:
        version = _version.decode(payload).v
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Unreadable("not a message of this program: it is not valid JSON with a whole-number version")
    if version != WIRE:
        return Unreadable(
            f"wire version {version}, this program speaks {WIRE}: update the older of kiosk and hub"
        )
    try:
        if kind is FeedPage:
            return cast("Message", _page(payload))
        return msgspec.json.decode(payload, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Unreadable(f"not a {kind.__name__}: {_without_content(error)}")


def decode_record(raw: bytes) -> Record | Unreadable:
    """Read one event of a batch."""
    try:
        record = _record.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        reason = f"not an event this program knows: {_without_content(error)}"
        return Unreadable(reason, _seq_of(raw))
    return record


def content_hash(raw: bytes) -> str:
    """Return what tells "same id, other content" apart: a cloned card."""
    return hashlib.sha256(raw).hexdigest()[:32]


def digest_of(items: Iterable[FeedItem]) -> str:
    """Return the digest of a whole feed: equal exactly when kind, key and body of all items are."""
    digest = hashlib.sha256()
    for item in sorted(items, key=lambda i: (i.kind, i.key)):
        if item.body is not None:
            for part in (item.kind.encode(), item.key.encode(), bytes(item.body)):
                digest.update(len(part).to_bytes(4, "big"))
                digest.update(part)
    return digest.hexdigest()[:32]


def _page(payload: bytes) -> FeedPage:
    read = msgspec.json.decode(payload, type=_PageRead)
    items = (
        FeedItem(**{**msgspec.structs.asdict(item), "body": None if item.body == _NULL else item.body})
        for item in read.items
    )
    return FeedPage(**{**msgspec.structs.asdict(read), "items": tuple(items)})


def _seq_of(raw: bytes) -> int | None:
    try:
        return _key.decode(raw).seq
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _without_content(error: Exception) -> str:
    """Return where and what is wrong, without quoting values: they could be personal.

    Of msgspec's sentences those about types, limits and missing fields speak of our classes only;
    every other one may quote what it read.
    """
    if not isinstance(error, msgspec.ValidationError):
        return "not JSON"
    text = str(error)
    if text.endswith(_KIND):
        return "its kind is not one this version knows"
    return text if text.startswith(_OWN_WORDS) else "a value is not one this version knows"
