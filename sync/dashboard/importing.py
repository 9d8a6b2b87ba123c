"""Members from a file: send it, say what its columns mean, look at what would change, and only then do it."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from enum import Enum

from sqlalchemy import Connection
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from community.badges import BadgeKey
from community.clock import Hours
from community.members import Member, Space
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.words import said
from sync import exports, members_import
from sync.dashboard.forms import file_form, sent_by_host, text_of
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions, Visitor
from sync.dashboard.uploads import Upload, Uploads
from sync.errors import MembersFileError, MembersMovedError
from sync.exports import EMAIL, FIELDS, FIRST_NAME, LAST_NAME
from sync.members_file import MembersFile, faults, read_lines
from sync.members_import import Outcome, Plan
from sync.store import deeds
from sync.store.deeds import Deed
from sync.store.directory import Directory
from sync.tables import LARGEST_FILE_BYTES, MOST_COLUMNS, read_table

log = logging.getLogger(__name__)

PATH, FILE = "/import", "/import/file"

SEE_OTHER = 303

MOST_SHOWN = 100
"""Lines of each kind in the report: the page stays light, and what is left is told by its number."""

SHOWN = frozenset("name trade company place languages needs offers interests ask_about joined".split())
"""Columns whose value is shown as it was and would be; whom somebody avoids, for one, is shown to nobody."""

SAMPLES, LONGEST_SAMPLE = 2, 60
"""Cells shown of each column, and characters of each."""


class Said(Enum):
    """What the page says at its top."""

    NOTHING = ""
    GONE = "gone"
    """The file is no longer here: half an hour is over, or somebody dropped it in another window."""
    NO_FILE = "no-file"
    TWICE = "twice"
    """Two columns were chosen for the same field."""
    NO_NAME = "no-name"
    NO_ID = "no-id"
    MOVED = "moved"
    """A member was changed meanwhile: nothing was written, here is how it is now."""


class ImportPage:
    """Handlers of `/import`.  Lives as long as the dashboard; `close` it at the end."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        hours: Hours,
        space: Space,
        pages: Pages,
        sessions: Sessions,
        directory: Directory,
        key: BadgeKey,
        parse_uid: Callable[[str], bytes],
    ) -> None:
        self._database, self._clock, self._hours = database, clock, hours
        self._space, self._pages, self._sessions = space, pages, sessions
        self._directory, self._key, self._parse_uid = directory, key, parse_uid
        self._uploads = Uploads(clock)

    def close(self) -> None:
        """Forget every file."""
        self._uploads.close()

    async def show(self, request: Request) -> Response:
        """Show where this login stands: no file yet, its columns, or what it would change."""
        visitor = await self._sessions.required(request)
        upload = self._uploads.get(visitor.owner)
        if upload is None:
            return self._page(visitor, "file")
        if not upload.fields or request.query_params.get("step") == "columns":
            return self._columns(visitor, upload, upload.fields or upload.guess.fields)
        return await self._report(visitor, upload)

    async def take_file(self, request: Request) -> Response:
        """Read a file and keep it for this login."""
        visitor = await self._sessions.required(request)
        form = await file_form(request, LARGEST_FILE_BYTES)
        try:
            self._sessions.check_form(visitor.token, form.get("form_token"))
            sent = form.get("file")
            if not isinstance(sent, UploadFile) or not sent.filename:
                return self._page(visitor, "file", Said.NO_FILE)
            content = await sent.read()
        finally:
            await form.close()
        try:
            table = await asyncio.to_thread(read_table, content)
        except MembersFileError as error:
            log.info("a host sent a file that is no list of members")
            problem = said(error, self._pages.words[visitor.language].gettext)
            return self._page(visitor, "file", problem=problem)
        log.info("a host sent a file with members: %d lines", len(table.rows))
        self._uploads.put(visitor.owner, table, exports.guess(table.header))
        return RedirectResponse(PATH, SEE_OTHER)

    async def receive(self, request: Request) -> Response:
        """Take what the columns mean, do what was shown, or forget the file."""
        visitor, form = await sent_by_host(self._sessions, request, MOST_COLUMNS + 10)
        upload = self._uploads.get(visitor.owner)
        if upload is None:
            return self._page(visitor, "file", Said.GONE)
        match text_of(form, "do"):
            case "columns":
                return self._choose(visitor, upload, form)
            case "write" if upload.fields:
                return await self._write(visitor, upload, form)
            case _:
                self._uploads.drop(visitor.owner)
                return RedirectResponse(PATH, SEE_OTHER)

    def _choose(self, visitor: Visitor, upload: Upload, form: FormData) -> Response:
        sent = [text_of(form, f"c{index}") for index in range(len(upload.table.header))]
        fields = tuple(field if field in FIELDS else "" for field in sent)
        chosen = [field for field in fields if field]
        twice = frozenset(field for field in chosen if chosen.count(field) > 1)
        if twice:
            return self._columns(visitor, upload, fields, Said.TWICE, twice)
        if not {"name", FIRST_NAME, LAST_NAME} & set(chosen):
            return self._columns(visitor, upload, fields, Said.NO_NAME)
        if not {"id", EMAIL} & set(chosen):
            return self._columns(visitor, upload, fields, Said.NO_ID)
        upload.fields = fields
        return RedirectResponse(PATH, SEE_OTHER)

    async def _write(self, visitor: Visitor, upload: Upload, form: FormData) -> Response:
        file, gone = await asyncio.to_thread(self._read, upload)
        now_us = self._clock.now_us()
        seen, bring_back = text_of(form, "seen"), text_of(form, "back") == "yes"
        done: list[Plan] = []

        def work(connection: Connection) -> int:
            plan, latest = members_import.carry_out(
                connection, file, self._key, now_us, seen=seen, bring_back=bring_back
            )
            if plan.touched:
                deeds.note(connection, now_us, Deed.MEMBERS_IMPORTED, visitor.login, str(len(plan.touched)))
            done.append(plan)
            return latest

        try:
            await self._directory.change(work)
        except MembersMovedError:
            log.info("an import was not done: a member was changed meanwhile")
            return await self._report(visitor, upload, Said.MOVED)
        self._uploads.drop(visitor.owner)
        log.info("a host imported members: %d changed", len(done[-1].touched))
        return self._page(visitor, "done", plan=done[-1], gone=gone, outcomes=Outcome)

    async def _report(self, visitor: Visitor, upload: Upload, notice: Said = Said.NOTHING) -> Response:
        file, gone = await asyncio.to_thread(self._read, upload)
        plan = await self._database.read(lambda c: members_import.plan(c, file, self._key))
        say = self._pages.words[visitor.language].gettext
        return self._page(
            visitor,
            "report",
            notice,
            plan=plan,
            gone=gone,
            outcomes=Outcome,
            header=_headers(upload),
            shown=_shown,
            told=lambda problem: said(problem.sentence, say),
            most=MOST_SHOWN,
            letters=upload.table.letters,
        )

    def _read(self, upload: Upload) -> tuple[MembersFile, int]:
        """Return the file as a members file, and how many lines are of people who are no longer members."""
        today = self._clock.at().astimezone(self._hours.zone).date()
        lines = exports.lines_of(
            upload.table,
            upload.fields,
            upload.guess.origin,
            lambda email: members_import.id_of(email, self._key),
            today,
        )
        wrong = faults(upload.table)
        return read_lines(lines.lines, lines.columns, self._parse_uid, today, wrong), lines.gone

    def _columns(
        self,
        visitor: Visitor,
        upload: Upload,
        fields: Sequence[str],
        notice: Said = Said.NOTHING,
        twice: frozenset[str] = frozenset(),
    ) -> Response:
        columns = [
            {"name": name, "samples": _samples(upload, index), "field": fields[index]}
            for index, name in enumerate(upload.table.header)
        ]
        return self._page(
            visitor,
            "columns",
            notice,
            columns=columns,
            twice=twice,
            fields=FIELDS,
            origin=upload.guess.origin.value,
            rows=len(upload.table.rows) + len(upload.table.faults),
            letters=upload.table.letters,
        )

    def _page(
        self, visitor: Visitor, step: str, notice: Said = Said.NOTHING, problem: str = "", **values: object
    ) -> Response:
        page = self._pages.render(
            "import.html",
            visitor.language,
            space=self._space,
            back="/members",
            step=step,
            notice=notice.value,
            problem=problem,
            largest=LARGEST_FILE_BYTES // 1_000_000,
            form_token=visitor.form_token,
            **values,
        )
        return HTMLResponse(page)


def _shown(member: Member, column: str) -> str:
    """Return what a member has in a column, empty if that is nothing or not to be shown."""
    value = getattr(member, column) if column in SHOWN else ""
    return "; ".join(value) if isinstance(value, tuple) else str(value or "")


def _samples(upload: Upload, index: int) -> list[str]:
    """Return the first different cells of a column that say something."""
    found: dict[str, None] = {}
    for row in upload.table.rows:
        text = " ".join(row.cells[index].split()) if index < len(row.cells) else ""
        if text:
            found[text if len(text) <= LONGEST_SAMPLE else text[: LONGEST_SAMPLE - 1] + "…"] = None
        if len(found) == SAMPLES:
            break
    return list(found)


def _headers(upload: Upload) -> Mapping[str, str]:
    """Return what the file calls each of our columns."""
    names = {field: name for field, name in zip(upload.fields, upload.table.header, strict=True) if field}
    halves = " + ".join(names[half] for half in (FIRST_NAME, LAST_NAME) if half in names)
    return {"name": halves, "id": names.get(EMAIL, ""), **names}
