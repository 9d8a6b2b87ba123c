"""What newcomers are written, as hosts may word it: each text in each language, checked, shown, or reset."""

import hashlib

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.words import SOURCE
from sync.dashboard.dates import language_name
from sync.dashboard.forms import sent_by_host, text_of
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions, Visitor
from sync.newcomers.facts import read_texts
from sync.newcomers.ours import ours
from sync.newcomers.wording import (
    LONGEST_BODY,
    LONGEST_SUBJECT,
    Message,
    Text,
    Wrong,
    filled,
    wrong_with,
)
from sync.store import deeds
from sync.store import newcomers as store
from sync.store.deeds import Deed

PATH = "/newcomers/texts"
SEE_OTHER = 303
UNPROCESSABLE = 422

SOMEBODY = "Camille"
"""Who reads the preview: a name that is a woman's and a man's."""

SAID = frozenset({"kept", "reset", "moved"})
"""What the page can be asked to say after a form was sent."""


class NewcomerTextsPage:
    """Handlers of `/newcomers/texts`.  Lives as long as the dashboard."""

    def __init__(
        self, *, database: Database, clock: Clock, space: Space, pages: Pages, sessions: Sessions
    ) -> None:
        self._database, self._clock, self._space = database, clock, space
        self._pages, self._sessions = pages, sessions
        self._ours = ours(pages.words)

    def routes(self) -> list[Route]:
        """Return where the handlers stand."""
        return [Route(PATH, self.show), Route(PATH, self.receive, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        """Show one text, and the way to the others."""
        visitor = await self._sessions.required(request)
        message = _message(request.query_params.get("message", "")) or Message.FIRST_DAY
        asked = request.query_params.get("language", visitor.language)
        language = asked if asked in self._pages.languages else SOURCE
        said = request.query_params.get("said", "")
        return await self._page(visitor, message, language, said=said if said in SAID else "")

    async def receive(self, request: Request) -> Response:
        """Keep a text, show it first, or go back to ours."""
        visitor, form = await sent_by_host(self._sessions, request)
        message, language = _message(text_of(form, "message")), text_of(form, "language")
        if message is None or language not in self._pages.languages:
            return RedirectResponse(PATH, SEE_OTHER)
        do, at_us = text_of(form, "do"), self._clock.now_us()
        typed = Text(text_of(form, "subject").strip(), text_of(form, "body").replace("\r\n", "\n").strip())
        wrong = wrong_with(typed)
        if do != "reset" and (wrong is not None or do != "keep"):
            return await self._page(visitor, message, language, typed=typed, wrong=wrong, preview=True)
        before = (await self._database.read(read_texts)).get(
            (message, language), self._ours[message, language]
        )
        if text_of(form, "seen") != seen_of(before):
            return await self._page(visitor, message, language, typed=typed, said="moved")

        def work(connection: Connection) -> None:
            if do == "reset" or typed == self._ours[message, language]:
                store.reset_text(connection, message.value, language)
            else:
                own = store.OwnText(message.value, language, typed.subject, typed.body)
                store.put_text(connection, own)
            deeds.note(connection, at_us, Deed.TEXT_CHANGED, visitor.login, f"{message.value} {language}")

        await self._database.write(work)
        said = "reset" if do == "reset" else "kept"
        return RedirectResponse(f"{PATH}?message={message.value}&language={language}&said={said}", SEE_OTHER)

    async def _page(
        self,
        visitor: Visitor,
        message: Message,
        language: str,
        *,
        typed: Text | None = None,
        wrong: Wrong | None = None,
        preview: bool = False,
        said: str = "",
    ) -> Response:
        texts = await self._database.read(read_texts)
        stands = texts.get((message, language), self._ours[message, language])
        text = typed or stands
        page = self._pages.render(
            "newcomer_texts.html",
            visitor.language,
            space=self._space,
            back="/newcomers",
            message=message.value,
            messages=[each.value for each in Message],
            chosen=language,
            spoken={each: language_name(each, visitor.language) for each in self._pages.languages},
            text=text,
            seen=seen_of(stands),
            own=(message, language) in texts,
            wrong=None if wrong is None else wrong.fault.value,
            word="" if wrong is None else wrong.word,
            preview=filled(text, SOMEBODY, self._space.name) if wrong is None else None,
            previewed=preview,
            longest_subject=LONGEST_SUBJECT,
            longest_body=LONGEST_BODY,
            said=said,
            form_token=visitor.form_token,
        )
        return HTMLResponse(page, UNPROCESSABLE if wrong is not None else 200)


def seen_of(text: Text) -> str:
    """Return what tells whether a text is still as somebody saw it."""
    return hashlib.sha256(f"{text.subject}\n{text.body}".encode()).hexdigest()[:16]


def _message(word: str) -> Message | None:
    return next((each for each in Message if each.value == word), None)
