"""Members as other programs read and write them, by the rules of members files and own pages.

Pure.  What is private to a member (whom and what they avoid) is in no answer; of who hides from hosts there
is only what a host sees in the list: name and trade, and nothing of what they look for or offer.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from community.ids import MemberId
from community.members import LONGEST_ITEM, LONGEST_NAME, Comfort, Intent, Member, Visibility
from plumbing.words import Sentence, sentence_of
from sync import profiles
from sync.api.problems import Fault
from sync.members_file import ID

Value = TypeVar("Value")

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_NAME)]
Line = Annotated[str, msgspec.Meta(max_length=LONGEST_ITEM)]
Items = Annotated[tuple[Line, ...], msgspec.Meta(max_length=profiles.MOST_ITEMS)]
Language = Annotated[str, msgspec.Meta(pattern="^[a-z]{2}$")]
Languages = Annotated[tuple[Language, ...], msgspec.Meta(min_length=1, max_length=profiles.MOST_ITEMS)]
Stay = Annotated[int, msgspec.Meta(ge=profiles.SHORTEST_STAY_S, le=profiles.LONGEST_STAY_S)]


class Need(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody looks for."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_ITEM)]
    until: date | None = None
    """Its last day."""


Needs = Annotated[tuple[Need, ...], msgspec.Meta(max_length=profiles.MOST_ITEMS)]


class SeenBy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To whom somebody is named; what is not sent stays."""

    lobby: bool | UnsetType = UNSET
    members: bool | UnsetType = UNSET
    hosts: bool | UnsetType = UNSET


class Suits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How screens suit somebody; what is not sent stays."""

    large_text: bool | UnsetType = UNSET
    spoken: bool | UnsetType = UNSET
    stays_s: Stay | UnsetType = UNSET


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is to be another; what is not sent stays."""

    name: Name | UnsetType = UNSET
    languages: Languages | UnsetType = UNSET
    trade: Line | UnsetType = UNSET
    company: Line | UnsetType = UNSET
    place: Line | UnsetType = UNSET
    needs: Needs | UnsetType = UNSET
    offers: Items | UnsetType = UNSET
    interests: Items | UnsetType = UNSET
    ask_about: Items | UnsetType = UNSET
    intents: Annotated[tuple[Intent, ...], msgspec.Meta(max_length=len(Intent))] | UnsetType = UNSET
    visibility: SeenBy | UnsetType = UNSET
    introductions: bool | UnsetType = UNSET
    comfort: Suits | UnsetType = UNSET
    joined: date | UnsetType | None = UNSET


class NewMember(Wish, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Somebody who is not here yet."""

    id: Annotated[str, msgspec.Meta(pattern=rf"^{ID.pattern}\Z")]
    name: Name


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A member as programs read them."""

    id: MemberId
    name: str
    languages: tuple[str, ...]
    trade: str
    company: str
    joined: date | None
    visibility: Visibility
    introductions: bool
    host: bool
    place: str | UnsetType = UNSET
    needs: tuple[Need, ...] | UnsetType = UNSET
    offers: tuple[str, ...] | UnsetType = UNSET
    interests: tuple[str, ...] | UnsetType = UNSET
    ask_about: tuple[str, ...] | UnsetType = UNSET
    intents: tuple[Intent, ...] | UnsetType = UNSET
    comfort: Comfort | UnsetType = UNSET


WIDER = Sentence(
    "only a member can let more people see them, on their own page: here it can be made narrower only"
)


def etag_of(member: Member) -> str:
    """Return what changes whenever anything about a member does."""
    return f'"{hashlib.sha256(msgspec.json.encode(member)).hexdigest()[:32]}"'


def shown(member: Member) -> Shown:
    """Return what programs may read of a member."""
    plain = Shown(
        id=member.id,
        name=member.name,
        languages=member.languages,
        trade=member.trade,
        company=member.company,
        joined=member.joined,
        visibility=member.visibility,
        introductions=member.introductions,
        host=member.host,
    )
    if not member.visibility.hosts:
        return plain
    ends = (*member.needs_until, *(None for _ in member.needs))
    return msgspec.structs.replace(
        plain,
        place=member.place,
        needs=tuple(Need(text, until) for text, until in zip(member.needs, ends, strict=False)),
        offers=member.offers,
        interests=member.interests,
        ask_about=member.ask_about,
        intents=member.intents,
        comfort=member.comfort,
    )


def begun(wish: NewMember) -> Member:
    """Return somebody new, of whom nothing but id and name is known yet."""
    return Member(MemberId(wish.id), wish.name)


def laid(wish: Wish, before: Member, today: date, *, is_new: bool) -> tuple[Member, tuple[Fault, ...]]:
    """Lay a wish over a member.

    Args:
        wish: What is to be another.
        before: As they are.
        today: The day from which "end of the month" is understood.
        is_new: Whether nobody has chosen yet who may see them: then the wish may say it.

    Returns:
        The member as they would be, and what cannot be taken; a field that cannot stands as it was.
    """
    faults: list[Fault] = []

    def take(field: str, sent: object, read: Callable[[], Value], was: Value) -> Value:
        if sent is UNSET:
            return was
        try:
            return read()
        except ValueError as error:
            faults.append(Fault(f"#/{field}", sentence_of(error)))
            return was

    def line(field: str, sent: str | UnsetType, was: str) -> str:
        return take(field, sent, lambda: profiles.parse_line(profiles.clean(_text(sent))), was)

    def items(field: str, sent: tuple[str, ...] | UnsetType, was: tuple[str, ...]) -> tuple[str, ...]:
        return take(field, sent, lambda: profiles.parse_items(_joined(sent)), was)

    rows = () if wish.needs is UNSET else tuple(_row(need) for need in wish.needs)
    known = (before.needs, before.needs_until)
    needs, ends = take("needs", wish.needs, lambda: profiles.parse_need_rows(rows, today), known)
    member = msgspec.structs.replace(
        before,
        name=take(
            "name", wish.name, lambda: profiles.parse_name(profiles.clean(_text(wish.name))), before.name
        ),
        languages=take(
            "languages",
            wish.languages,
            lambda: profiles.parse_languages(_joined(wish.languages)),
            before.languages,
        ),
        trade=line("trade", wish.trade, before.trade),
        company=line("company", wish.company, before.company),
        place=line("place", wish.place, before.place),
        needs=needs,
        needs_until=ends,
        offers=items("offers", wish.offers, before.offers),
        interests=items("interests", wish.interests, before.interests),
        ask_about=items("ask_about", wish.ask_about, before.ask_about),
        intents=before.intents if wish.intents is UNSET else tuple(dict.fromkeys(wish.intents)),
        visibility=_over(before.visibility, wish.visibility),
        introductions=before.introductions if wish.introductions is UNSET else wish.introductions,
        comfort=_over(before.comfort, wish.comfort),
        joined=before.joined if wish.joined is UNSET else wish.joined,
    )
    if not is_new:
        faults += [Fault(f"#/{field}", WIDER) for field in wider(before, member)]
    return member, tuple(faults)


def wider(before: Member, after: Member) -> tuple[str, ...]:
    """Return the fields by which more people would see a member than they chose."""
    audiences = [
        f"visibility/{name}"
        for name in ("lobby", "members", "hosts")
        if getattr(after.visibility, name) and not getattr(before.visibility, name)
    ]
    more = ["introductions"] if after.introductions and not before.introductions else []
    return (*audiences, *more)


Whole = TypeVar("Whole", Visibility, Comfort)


def _over(before: Whole, sent: SeenBy | Suits | UnsetType) -> Whole:
    """Lay what was sent of a part over the part."""
    if sent is UNSET:
        return before
    fields = {name: getattr(sent, name) for name in sent.__struct_fields__}
    return msgspec.structs.replace(before, **{k: v for k, v in fields.items() if v is not UNSET})


def _row(need: Need) -> tuple[str, str]:
    return need.text, "" if need.until is None else need.until.isoformat()


def _text(sent: str | UnsetType) -> str:
    return "" if sent is UNSET else sent


def _joined(sent: Sequence[str] | UnsetType) -> str:
    return "" if sent is UNSET else ";".join(profiles.clean(each) for each in sent)
