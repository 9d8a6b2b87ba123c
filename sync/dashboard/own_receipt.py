"""A member's receipt: whom they met, on which days they came, and what came of it in their own words.

Theirs alone: the cookie of their own page opens it, and no host's does.
"""

import logging
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from community.clock import Hours
from community.ids import MemberId
from community.members import LONGEST_ITEM, Member, Space
from plumbing.clock import Clock
from plumbing.database import Database
from sync import profiles
from sync.dashboard.forms import text_of
from sync.dashboard.own_photo import members_may
from sync.dashboard.own_sessions import Opened, OwnSessions, closed_page, language_of
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import OldFormError
from sync.dashboard.tokens import form_token
from sync.receipt.export import as_csv, as_json
from sync.receipt.receipt import Receipt, read_met, read_receipt
from sync.receipt.spans import MONTH, QUARTER, YEAR, Span, parse, span_of
from sync.store import directory, photos, receipts
from sync.store.receipts import Kind, Line

log = logging.getLogger(__name__)

PATH = "/me/receipt"
JSON, CSV = "/me/receipt.json", "/me/receipt.csv"

MOST_AMOUNT = 10_000_000
"""Of one line."""

MOST_FIELDS = 20

SEE_OTHER, UNPROCESSABLE = 303, 422

SAID = frozenset({"written", "removed", "uncounted", "forgotten"})
"""What the page may say at its top."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What the page is made from."""

    member: Member
    receipt: Receipt
    pictures: frozenset[MemberId]
    """Of whom this member may see a picture."""


class OwnReceipt:
    """Handlers of `/me/receipt`.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        hours: Hours,
        space: Space,
        pages: Pages,
        sessions: OwnSessions,
    ) -> None:
        self._database, self._clock, self._hours, self._space = database, clock, hours, space
        self._pages, self._sessions = pages, sessions

    def routes(self) -> list[Route]:
        """Return where it answers."""
        return [
            Route(PATH, self.show),
            Route(PATH, self.receive, methods=["POST"]),
            Route(JSON, self.take_json),
            Route(CSV, self.take_csv),
        ]

    async def show(self, request: Request) -> Response:
        """Show the receipt of the span asked for, of this quarter if none is."""
        opened = await self._sessions.opened(request)
        said = request.query_params.get("said", "")
        return await self._page(request, opened, said=said if said in SAID else "")

    async def receive(self, request: Request) -> Response:
        """Keep, or let go of, a line; or let go of what is kept of days long past."""
        opened = await self._sessions.opened(request)
        if opened is None:
            return closed_page(self._pages, self._space, request)
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
        if not self._sessions.is_ours(opened, text_of(form, "form_token")):
            raise OldFormError
        typed = {name: text_of(form, name) for name in ("kind", "text", "day", "amount", "counted")}
        do, number = text_of(form, "do"), text_of(form, "line")
        line_id = int(number) if number.isdecimal() and len(number) < 10 else 0  # noqa: PLR2004 - digits of an id
        match do:
            case "remove":
                await self._database.write(lambda c: receipts.remove_line(c, opened.member_id, line_id))
                return self._back(request, "removed")
            case "uncount":
                await self._database.write(lambda c: receipts.uncount_line(c, opened.member_id, line_id))
                return self._back(request, "uncounted")
            case "forget":
                await self._database.write(lambda c: receipts.forget_kept(c, opened.member_id))
                return self._back(request, "forgotten")
            case _:
                line, wrong = read_line(typed, self._today)
                if line is None:
                    return await self._page(request, opened, typed=typed, wrong=wrong)
                return await self._write(request, opened, line, typed)

    async def take_json(self, request: Request) -> Response:
        """Hand the receipt over as JSON."""
        return await self._file(request, "json")

    async def take_csv(self, request: Request) -> Response:
        """Hand the receipt over as CSV."""
        return await self._file(request, "csv")

    @property
    def _today(self) -> date:
        return self._hours.day_of(self._clock.at())

    async def _write(self, request: Request, opened: Opened, line: Line, typed: dict[str, str]) -> Response:
        today = self._today

        def work(connection: Connection) -> bool:
            return directory.member_of(connection, opened.member_id) is not None and receipts.write_line(
                connection, opened.member_id, line, today
            )

        kept = await self._database.write(work)
        return (
            self._back(request, "written")
            if kept
            else await self._page(request, opened, typed=typed, said="full")
        )

    async def _read(self, opened: Opened | None, span: Span) -> _Found | None:
        if opened is None:
            return None
        member_id = opened.member_id

        def work(connection: Connection) -> _Found | None:
            member = directory.member_of(connection, member_id)
            if member is None:
                return None
            agreed = photos.shown(connection, hosts=False)
            owners = (one for one in directory.all_members(connection) if one.id in agreed)
            met = read_met(connection, member_id, self._hours) if agreed else frozenset()
            seen = frozenset(one.id for one in owners if one.id in met and members_may(one, member))
            return _Found(member, read_receipt(connection, member_id, self._hours, span), seen)

        return await self._database.read(work)

    async def _file(self, request: Request, kind: str) -> Response:
        opened, span = await self._sessions.opened(request), self._span(request)
        found = await self._read(opened, span)
        if found is None:
            return closed_page(self._pages, self._space, request)
        media_type = "application/json" if kind == "json" else "text/csv; charset=utf-8"
        headers = {"content-disposition": f'attachment; filename="foyer-{span.written}.{kind}"'}
        content = as_json(found.receipt) if kind == "json" else as_csv(found.receipt)
        return Response(content, media_type=media_type, headers=headers)

    async def _page(
        self,
        request: Request,
        opened: Opened | None,
        *,
        typed: dict[str, str] | None = None,
        wrong: frozenset[str] = frozenset(),
        said: str = "",
    ) -> Response:
        span, today = self._span(request), self._today
        found = await self._read(opened, span)
        if opened is None or found is None:
            return closed_page(self._pages, self._space, request)
        page = self._pages.render(
            "own_receipt.html",
            language_of(request, found.member, self._pages.languages),
            space=self._space,
            member=found.member,
            receipt=found.receipt,
            span=span,
            spans=tuple(span_of(max(span.first, min(today, _last(span))), months) for months in LENGTHS),
            today=today,
            typed=typed
            or {"kind": "work", "text": "", "day": today.isoformat(), "amount": "", "counted": ""},
            pictures=found.pictures,
            kinds=[each.value for each in Kind],
            wrong=wrong,
            said=said,
            longest_item=LONGEST_ITEM,
            most_amount=MOST_AMOUNT,
            form_token=form_token(opened.token),
        )
        return HTMLResponse(page, UNPROCESSABLE if wrong else 200)

    def _span(self, request: Request) -> Span:
        return parse(request.query_params.get("span", "")) or span_of(self._today, QUARTER)

    def _back(self, request: Request, said: str) -> Response:
        language = request.query_params.get("language", "")
        asked = f"&language={language}" if language in self._pages.languages else ""
        return RedirectResponse(f"{PATH}?span={self._span(request).written}&said={said}{asked}", SEE_OTHER)


LENGTHS = (MONTH, QUARTER, YEAR)
"""To choose from, in months."""


def read_line(typed: dict[str, str], today: date) -> tuple[Line | None, frozenset[str]]:
    """Read what somebody wrote of what came of it.

    Args:
        typed: The form's fields: `kind`, `text`, `day`, `amount`, `counted`.
        today: Nothing came of it later than that.

    Returns:
        The line, and which fields are wrong; no line if any is.
    """
    wrong: set[str] = set()
    kind = next((each for each in Kind if each.value == typed["kind"]), None)
    if kind is None:
        wrong.add("kind")
    text = ""
    try:
        text = profiles.parse_line(profiles.clean(typed["text"]))
    except ValueError:
        wrong.add("text")
    if not text:
        wrong.add("text")
    day = None
    try:
        day = profiles.parse_date(typed["day"].strip())
    except ValueError:
        wrong.add("day")
    if day is None or day > today or day.year < 2000:  # noqa: PLR2004 - no receipt reaches further back
        wrong.add("day")
    digits = "".join(typed["amount"].split())
    amount = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 9 else None  # noqa: PLR2004 - digits
    if digits and (amount is None or amount > MOST_AMOUNT):
        wrong.add("amount")
    if wrong or kind is None or day is None:
        return None, frozenset(wrong)
    return Line(0, day, kind, text, amount, typed["counted"] == "yes"), frozenset()


def _last(span: Span) -> date:
    return date.fromordinal(span.moved(1).first.toordinal() - 1)
