"""What is said to a program whose request cannot be answered: a word for it, a sentence for its people.

Source: RFC 9457.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import msgspec
from starlette.responses import Response

from plumbing.words import Say, Sentence

KIND = "application/problem+json"

Speak = Callable[[str], tuple[str, Say]]
"""Returns the language for an `Accept-Language` header, and its words."""


class Trouble(Enum):
    """What can be wrong, with its status."""

    NO_TOKEN = ("no-token", 401)
    NO_SCOPE = ("no-scope", 403)
    NOT_FOUND = ("not-found", 404)
    METHOD = ("method", 405)
    EXISTS = ("exists", 409)
    ERASED = ("erased", 409)
    TAKEN = ("taken", 409)
    MOVED = ("moved", 412)
    LARGE = ("large", 413)
    CONTENT = ("content", 415)
    UNREADABLE = ("unreadable", 400)
    QUERY = ("query", 400)
    INVALID = ("invalid", 422)
    NO_ETAG = ("no-etag", 428)
    SLOW_DOWN = ("slow-down", 429)
    BROKEN = ("broken", 500)
    DATABASE = ("database", 503)

    @property
    def word(self) -> str:
        """What it is called in `type`."""
        return self.value[0]

    @property
    def status(self) -> int:
        """Of the answer."""
        return self.value[1]


TITLES: Mapping[Trouble, Sentence] = {
    Trouble.NO_TOKEN: Sentence("A token is needed that is still good."),
    Trouble.NO_SCOPE: Sentence("This token may not do that."),
    Trouble.NOT_FOUND: Sentence("There is nothing here."),
    Trouble.METHOD: Sentence("This address does not take that method."),
    Trouble.EXISTS: Sentence("There is somebody of this id already."),
    Trouble.ERASED: Sentence("Somebody of this id was erased here."),
    Trouble.TAKEN: Sentence("This badge belongs to another member."),
    Trouble.MOVED: Sentence("Somebody changed this member meanwhile."),
    Trouble.LARGE: Sentence("This is too large."),
    Trouble.CONTENT: Sentence("Send JSON."),
    Trouble.UNREADABLE: Sentence("This is not JSON."),
    Trouble.QUERY: Sentence("This question cannot be understood."),
    Trouble.INVALID: Sentence("Something in this cannot be taken."),
    Trouble.NO_ETAG: Sentence("Say what you saw."),
    Trouble.SLOW_DOWN: Sentence("Too many requests."),
    Trouble.BROKEN: Sentence("Something broke at our end."),
    Trouble.DATABASE: Sentence("The database does not answer just now."),
}

DETAILS: Mapping[Trouble, Sentence] = {
    Trouble.NO_TOKEN: Sentence(
        "send `Authorization: Bearer` with a token that an administrator made; "
        "it may have been revoked, or its last day is over"
    ),
    Trouble.EXISTS: Sentence("read it, and change it if it is to be another"),
    Trouble.ERASED: Sentence(
        "if they really want to come back, send the same again and say bring_back=true in the address"
    ),
    Trouble.MOVED: Sentence("read it again, and send your change with the new ETag"),
    Trouble.CONTENT: Sentence("its content type is application/json, or application/merge-patch+json"),
    Trouble.NO_ETAG: Sentence("send the ETag that you read in If-Match, so that nobody's change is lost"),
}
"""What to do about it, where that is always the same."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One value that cannot be taken."""

    pointer: str
    """Where it stands: a JSON pointer."""
    sentence: str


class RefusedError(Exception):
    """A request that is not answered as asked."""

    def __init__(
        self,
        trouble: Trouble,
        detail: Sentence | None = None,
        *,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(trouble.word)
        self.trouble, self.detail, self.faults = trouble, detail, tuple(faults)
        self.headers = dict(headers or {})


class _Error(msgspec.Struct):
    pointer: str
    detail: str


class _Problem(msgspec.Struct, omit_defaults=True):
    type: str
    title: str
    status: int
    detail: str = ""
    errors: list[_Error] = []


def answer(error: RefusedError, language: str, say: Say) -> Response:
    """Return what is said, in the reader's language."""
    detail = error.detail or DETAILS.get(error.trouble)
    body = _Problem(
        f"urn:foyer:problem:{error.trouble.word}",
        TITLES[error.trouble].said(say),
        error.trouble.status,
        "" if detail is None else detail.said(say),
        [_Error(each.pointer, _said(each.sentence, say)) for each in error.faults],
    )
    headers = {"content-language": language, **error.headers}
    return Response(msgspec.json.encode(body), error.trouble.status, headers, media_type=KIND)


def _said(text: str, say: Say) -> str:
    return text.said(say) if isinstance(text, Sentence) else text
