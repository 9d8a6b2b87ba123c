"""What a browser sends with a form, and the check that the form is ours."""

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from sync.dashboard.sessions import Sessions, Visitor

MOST_FIELDS = 10
"""Fields in nearly any form of ours."""


async def sent_by_host(
    sessions: Sessions, request: Request, most_fields: int = MOST_FIELDS
) -> tuple[Visitor, FormData]:
    """Return the host who sent a form, and the form, of at most so many fields.

    Raises:
        LoginNeededError: Nobody is logged in.
        OldFormError: The form is not one we gave this login.
    """
    visitor = await sessions.required(request)
    form = await request.form(max_files=0, max_fields=most_fields)
    sessions.check_form(visitor.token, form.get("form_token"))
    return visitor, form


def text_of(form: FormData, name: str) -> str:
    """Return a field, empty if it was not sent or is no text."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def is_badge(badge: str) -> bool:
    """Say whether this is a badge's keyed hash; see `BadgeHash`."""
    key, colon, digits = badge.partition(":")
    return bool(colon) and key[:1] == "k" and len(digits) == 32 and set(digits) <= set("0123456789abcdef")  # noqa: PLR2004 - as in `BadgeHash`


async def file_form(request: Request, largest: int, most_fields: int = 6) -> FormData:
    """Read a form with one file in it, all in memory: what is somebody's own is never put on the disk.

    Args:
        request: The form, whole.
        largest: Bytes of the file at most; the guard refuses larger ones before.
        most_fields: Beside the file.

    Raises:
        HTTPException: It is no such form.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(400)
    parser = MultiPartParser(request.headers, request.stream(), max_files=1, max_fields=most_fields)
    parser.spool_max_size = 2 * largest
    try:
        return await parser.parse()
    except MultiPartException as error:
        raise HTTPException(400) from error
