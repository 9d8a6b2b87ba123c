"""Put right by hand who is in, and when they came or left today; with a trace, and nothing is overwritten."""

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from community.events import VisitCorrected
from community.ids import MemberId
from community.members import Space
from community.visits import Visit
from plumbing.clock import Clock
from plumbing.database import Database
from sync.corrections import Act, Asked, Refusal, put_right, seen_of
from sync.dashboard.forms import sent_by_host, text_of
from sync.dashboard.pages import chosen
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions, Visitor
from sync.hub_log import HubLog
from sync.presence import Presence
from sync.store.deeds import Deed
from sync.views.by_hand import read_by_hand
from sync.views.people import name_for_hosts, read_choices, read_directory

PATH = "/visits"
SEE_OTHER, UNPROCESSABLE = 303, 422

NOT_SAID = MemberId("")

DEEDS = {Act.IN: Deed.CHECKED_IN, Act.OUT: Deed.CHECKED_OUT, Act.TIMES: Deed.TIMES_CORRECTED}

TYPED = frozenset({Refusal.NO_TIME, Refusal.LATER})
"""What is refused for what was typed, whatever is known of the visit."""

NOBODY = "nobody"
"""There is no such member."""

SAID = frozenset({*(each.value for each in Act), *(each.value for each in Refusal), NOBODY})
"""What the page can be asked to say after a form was sent."""


UNDONE = frozenset({Act.OUT.value, Act.TIMES.value})
"""After these there were times before, which can be given back."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form that came: it is shown again where it could not be done."""

    who: str = ""
    arrived: str = ""
    left: str = ""


class ByHandPage:
    """Handlers of `/visits`.  Lives as long as the dashboard."""

    def __init__(
        self,
        hub_log: HubLog,
        *,
        database: Database,
        presence: Presence,
        clock: Clock,
        space: Space,
        pages: Pages,
        sessions: Sessions,
    ) -> None:
        self._hub_log, self._database, self._presence = hub_log, database, presence
        self._clock, self._space, self._pages, self._sessions = clock, space, pages, sessions
        self._before: dict[str, Visit | None] = {}
        """For each login, the visit as it was before it was last put right: what its undo gives back."""

    def routes(self) -> list[Route]:
        """Return where the handlers stand."""
        return [Route(PATH, self.show), Route(PATH, self.receive, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        """Show everybody who came today, and how to put it right."""
        visitor = await self._sessions.required(request)
        said = request.query_params.get("said", "")
        about = MemberId(request.query_params.get("member", ""))
        return await self._page(visitor, said if said in SAID else "", about)

    async def receive(self, request: Request) -> Response:
        """Write what a host asked for, or say why not, with what they typed still there."""
        visitor, form = await sent_by_host(self._sessions, request)
        act = next((act for act in Act if act.value == text_of(form, "do")), None)
        member_id = MemberId(text_of(form, "id"))
        seen = text_of(form, "seen")
        typed = Typed(text_of(form, "member"), text_of(form, "arrived"), text_of(form, "left"))
        if act is Act.IN and not member_id:
            meant = chosen(await self._database.read(read_choices), typed.who)
            if meant is None:
                return await self._page(visitor, NOBODY, typed=typed)
            member_id = meant.member_id
            seen = seen_of(self._visit(member_id))
        known = await self._database.read(read_directory)
        is_hidden = not name_for_hosts(known, member_id)
        if act is None or member_id not in known or (is_hidden and act is not Act.IN):
            return await self._page(visitor, NOBODY, typed=typed)
        asked, was = Asked(act, seen, typed.arrived, typed.left), self._visit(member_id)

        def decide() -> VisitCorrected | Refusal:
            now = self._clock.at()
            return put_right(member_id, self._visit(member_id), asked, self._presence.hours, now)

        # whether somebody hidden is in already is nothing that a name typed here, or the record, may tell
        untold = frozenset(Refusal) - TYPED if is_hidden else frozenset()
        decided = await self._hub_log.write(decide, DEEDS[act], visitor.login, member_id, noted=untold)
        if isinstance(decided, VisitCorrected):
            self._before[visitor.login] = was
        elif (act, decided) != (Act.IN, Refusal.SAME) and decided not in untold:
            about = MemberId("") if act is Act.IN else member_id
            return await self._page(visitor, decided.value, about, typed)
        return _back(act.value, member_id)

    async def _page(
        self, visitor: Visitor, said: str, about: MemberId = NOT_SAID, typed: Typed | None = None
    ) -> Response:
        at = self._clock.at()
        visits = self._presence.visits_today(at)
        page = await self._database.read(lambda c: read_by_hand(c, visits))
        before = self._before.get(visitor.login)
        undo = before is not None and before.member_id == about and said in UNDONE
        shown = self._pages.render(
            "by_hand.html",
            visitor.language,
            space=self._space,
            back=PATH,
            at=at,
            page=page,
            said=said,
            about=about,
            just=next((one for one in (*page.inside, *page.gone) if one.member_id == about), None),
            before=before if undo else None,
            typed=typed or Typed(),
            is_new=typed is not None and not about,
            form_token=visitor.form_token,
        )
        return HTMLResponse(shown, 200 if typed is None else UNPROCESSABLE)

    def _visit(self, member_id: MemberId) -> Visit | None:
        visits = self._presence.visits_today(self._clock.at())
        return next((visit for visit, _ in visits if visit.member_id == member_id), None)


def _back(said: str, member_id: MemberId) -> Response:
    return RedirectResponse(f"{PATH}?{urlencode({'said': said, 'member': member_id})}", SEE_OTHER)
