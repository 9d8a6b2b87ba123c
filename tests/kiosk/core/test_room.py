"""Who is shown to whom: the room's fold, and above all what it keeps to itself."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec
import pytest

from community.clock import Hours, Stamp
from community.desk import Desk
from community.events import (
    CheckedIn,
    CheckedOut,
    Event,
    Introduced,
    MeetingUndone,
    Met,
    MoodChosen,
    Paired,
    Record,
    Shown,
)
from community.ids import MemberId
from community.introductions.pairing import DayPlan, Origin, Pairing, pair
from community.introductions.slots import Slot
from community.members import Comfort, Member, Mood
from community.outcomes import (
    Arrived,
    Left,
    MoodSet,
    OwnCard,
)
from kiosk.core.directory import Directory
from kiosk.core.lobby import FEWEST_MEETINGS, LOOKING_FOR_AT_MOST
from kiosk.core.room import Room, Scenery
from kiosk.core.sentences import Words
from kiosk.core.views import Farewell, Greeting, Lobby
from kiosk.core.views import OwnCard as OwnCardView
from tests.fakes.community import AMINA, COUNTED_ONE, HIDDEN_ONE, LEA, NAMED, YUKI, directory_of, taught

STAYS_S = LEA.comfort.stays_s
"""For how long Léa's greeting stays."""


class House:
    """A room, with people coming in at the times a test says."""

    def __init__(self, directory: Directory, hours: Hours, catalogues: Mapping[str, Words]) -> None:
        self.room = Room(directory, hours, catalogues)
        self.hours = hours
        self.seq = 0

    def add(self, at: datetime, *events: Event) -> None:
        stamp = Stamp(int(at.timestamp() * 1_000_000), "boot", 1, synced=True)
        for event in events:
            self.seq += 1
            self.room.add([Record(self.seq, stamp, event)])

    def come_in(self, at: datetime, *members: Member) -> None:
        self.add(at, *(CheckedIn(member.id) for member in members))

    def desk(self, at: datetime) -> Desk:
        return Desk(self.hours, present=self.room.arrivals(at))

    def lobby(self, at: datetime, *, hub_reachable: bool = True, waiting: int = 0) -> Lobby:
        return self.room.lobby(self.desk(at), at, synced=True, hub_reachable=hub_reachable, waiting=waiting)

    def greet(self, member: Member, at: datetime, now_s: float = 0.0) -> Scenery:
        self.come_in(at, member)
        if self.room.needs_lore(at) is not None:
            taught(self.room, self.hours, at)
        return self.room.scenery(Arrived(member.id, at), self.desk(at), at, now_s)

    def greeting(self, member: Member, at: datetime, now_s: float = 0.0) -> Greeting:
        view = self.greet(member, at, now_s).view
        assert isinstance(view, Greeting)
        return view


@pytest.fixture
def house(directory: Directory, hours: Hours, catalogues: Mapping[str, Words]) -> House:
    return House(directory, hours, catalogues)


def words_on(view: object) -> str:
    return msgspec.json.encode(view).decode()


def named(lobby: Lobby) -> list[str]:
    return [chip.name for chip in lobby.names]


def test_the_lobby_names_only_who_agreed_and_counts_the_others(house: House, noon: datetime):
    house.come_in(noon, LEA, COUNTED_ONE, HIDDEN_ONE)
    lobby = house.lobby(noon)
    assert named(lobby) == ["Léa"]
    assert lobby.present_count == 3
    assert (lobby.present_line, lobby.present_line_secondary) == ("3 personnes ici", "3 people here")
    assert lobby.others_line == "et 2 autres"
    assert "Clara" not in words_on(lobby)
    assert "Hugo" not in words_on(lobby)


def test_the_lobby_shows_needs_only_of_who_is_named_and_may_be_introduced(house: House, noon: datetime):
    house.come_in(noon, LEA, COUNTED_ONE, HIDDEN_ONE)
    assert house.lobby(noon).looking_for == LEA.needs


@pytest.mark.parametrize(
    "keeps_to_themselves",
    [
        msgspec.structs.replace(LEA, introductions=False),
        msgspec.structs.replace(LEA, visibility=msgspec.structs.replace(NAMED, lobby=False)),
        msgspec.structs.replace(LEA, visibility=msgspec.structs.replace(NAMED, members=False)),
    ],
    ids=["no introductions", "not named in the lobby", "not named to members"],
)
def test_a_need_is_not_shown_for_whoever_refused_one_of_the_two(
    hours: Hours, catalogues: Mapping[str, Words], noon: datetime, keeps_to_themselves: Member
):
    house = House(directory_of(keeps_to_themselves), hours, catalogues)
    house.come_in(noon, keeps_to_themselves)
    lobby = house.lobby(noon)
    assert (lobby.looking_for, lobby.looking_for_title) == ((), "")


def test_a_heads_down_member_s_need_leaves_the_lobby(house: House, noon: datetime):
    house.come_in(noon, LEA)
    house.add(noon, MoodChosen(LEA.id, Mood.HEADS_DOWN))
    assert house.lobby(noon).looking_for == ()


def test_the_lobby_shows_no_more_needs_than_fit(
    hours: Hours, catalogues: Mapping[str, Words], noon: datetime
):
    crowd = [
        msgspec.structs.replace(LEA, id=MemberId(f"m{n}"), needs=(f"need {n}", f"another {n}"))
        for n in range(LOOKING_FOR_AT_MOST + 3)
    ]
    house = House(directory_of(*crowd), hours, catalogues)
    house.come_in(noon, *crowd)
    shown = house.lobby(noon).looking_for
    assert len(shown) == LOOKING_FOR_AT_MOST
    assert len(set(shown)) == len(shown), "one a person: who says the same as another is not said twice"


def test_an_empty_lobby_is_a_welcome(house: House, noon: datetime):
    lobby = house.lobby(noon)
    assert (lobby.present_line, lobby.present_line_secondary) == ("Bienvenue", "Welcome")
    assert (lobby.names, lobby.others_line, lobby.looking_for) == ((), "", ())


def test_a_member_the_directory_no_longer_knows_is_nowhere(house: House, noon: datetime):
    gone = MemberId("gone")
    house.add(noon, CheckedIn(gone), CheckedIn(LEA.id))
    assert house.lobby(noon).present_count == 1
    view = house.room.scenery(Arrived(gone, noon), house.desk(noon), noon, 0).view
    assert isinstance(view, Greeting)
    assert view.cards == ()


def test_an_introduction_says_who_why_and_a_first_question(house: House, noon: datetime):
    house.come_in(noon, AMINA)
    greeting = house.greeting(LEA, noon)
    (card,) = greeting.cards
    assert (card.name, card.trade, card.place) == ("Amina", "traductrice", "Atelier, table 4")
    assert "traduction de contrats" in "".join(span.text for span in card.reason)
    assert greeting.question_label.endswith("Amina")
    assert greeting.question
    assert greeting.subtitle
    assert greeting.empty_line


@pytest.mark.parametrize("visitor", [LEA, YUKI], ids=["Léa", "Yuki"])
def test_a_hidden_member_is_never_introduced(house: House, noon: datetime, visitor: Member):
    house.come_in(noon, HIDDEN_ONE)
    scenery = house.greet(visitor, noon)
    assert scenery.introductions == ()
    assert "Hugo" not in words_on(scenery.view)


def test_a_hidden_member_s_greeting_leaves_no_strip_on_the_next_one_s(house: House, noon: datetime):
    house.greeting(HIDDEN_ONE, noon, now_s=0)
    greeting = house.greeting(LEA, noon, now_s=2)
    assert greeting.small is None


def test_a_heads_down_member_is_not_introduced(house: House, noon: datetime):
    house.come_in(noon, AMINA)
    house.add(noon, MoodChosen(AMINA.id, Mood.HEADS_DOWN))
    assert house.greet(LEA, noon).introductions == ()


def test_a_member_who_left_is_not_introduced(house: House, noon: datetime):
    house.come_in(noon, AMINA)
    house.add(noon, CheckedOut(AMINA.id))
    assert house.greet(LEA, noon).introductions == ()


def test_the_first_of_the_day_and_one_without_a_match_are_told_different_things(house: House, noon: datetime):
    first = house.greeting(LEA, noon)
    second = house.greeting(msgspec.structs.replace(AMINA, needs=(), offers=(), interests=()), noon)
    assert first.empty_line == "Tu ouvres la journée\u202f: fais comme chez toi."
    assert second.empty_line.startswith("Personne de nouveau")


def test_who_wants_no_introductions_is_wished_a_good_day(
    hours: Hours, catalogues: Mapping[str, Words], noon: datetime
):
    alone = msgspec.structs.replace(LEA, introductions=False)
    house = House(directory_of(alone, AMINA), hours, catalogues)
    house.come_in(noon, AMINA)
    greeting = house.greeting(alone, noon)
    assert (greeting.cards, greeting.empty_line) == ((), "Belle journée ici.")


def test_a_member_is_spoken_to_in_their_own_language(house: House, noon: datetime):
    assert house.greeting(YUKI, noon).headline == "Hello Yuki"
    assert house.greeting(LEA, noon).headline == "Bonjour Léa"


def test_a_language_nobody_translated_falls_back_to_the_space_s_first(
    hours: Hours, catalogues: Mapping[str, Words], noon: datetime
):
    guest = msgspec.structs.replace(LEA, languages=("eo",))
    house = House(directory_of(guest), hours, catalogues)
    assert house.greeting(guest, noon).headline == "Bonjour Léa"


def test_the_greeting_before_shrinks_while_its_reader_may_still_be_there(house: House, noon: datetime):
    house.come_in(noon, AMINA)
    house.greet(LEA, noon, now_s=0)
    small = house.greeting(YUKI, noon, now_s=STAYS_S - 1).small
    assert small is not None
    assert (small.name, small.names) == ("Léa", ("Amina",))


def test_the_greeting_before_is_gone_after_a_while_or_once_the_lobby_is_back(house: House, noon: datetime):
    house.greet(LEA, noon, now_s=0)
    assert house.greeting(YUKI, noon, now_s=STAYS_S).small is None
    house.room.cleared()
    assert house.greeting(AMINA, noon, now_s=STAYS_S + 1).small is None


def test_three_greetings_stay_readable_under_the_next(house: House, noon: datetime):
    for n, member in enumerate((LEA, AMINA, YUKI)):
        house.greet(member, noon, now_s=n)
    found = house.greeting(COUNTED_ONE, noon, now_s=3)
    strips = [found.small, *found.earlier]
    assert [strip.name for strip in strips if strip is not None] == ["Yuki", "Amina", "Léa"]


def test_nobody_who_hides_or_is_avoided_stands_in_a_strip(
    hours: Hours, catalogues: Mapping[str, Words], noon: datetime
):
    shy = msgspec.structs.replace(AMINA, avoid=(YUKI.id,))
    house = House(directory_of(LEA, shy, YUKI, HIDDEN_ONE), hours, catalogues)
    for n, member in enumerate((LEA, shy, HIDDEN_ONE)):
        house.greet(member, noon, now_s=n)
    found = house.greeting(YUKI, noon, now_s=3)
    assert found.small is not None
    assert (found.small.name, found.earlier) == ("Léa", ())


def test_who_comes_for_the_first_time_is_told_which_host_is_in(
    hours: Hours, catalogues: Mapping[str, Words], noon: datetime
):
    new = msgspec.structs.replace(LEA, joined=hours.day_of(noon))
    for visibility, named in ((NAMED, True), (msgspec.structs.replace(NAMED, members=False), False)):
        camille = msgspec.structs.replace(
            AMINA, id=MemberId("camille"), name="Camille", host=True, visibility=visibility
        )
        house = House(directory_of(new, camille), hours, catalogues)
        house.come_in(noon, camille)
        greeting = house.greeting(new, noon)
        assert greeting.occasion.startswith("Bienvenue")
        assert ("Camille" in greeting.occasion) is named
    house.add(noon, CheckedOut(new.id))
    assert house.greeting(new, noon + timedelta(hours=1)).occasion == ""


def test_an_occasion_is_not_lost_when_everything_is_folded_anew(
    hours: Hours, catalogues: Mapping[str, Words], noon: datetime
):
    new = msgspec.structs.replace(LEA, joined=hours.day_of(noon) - timedelta(days=2))
    house = House(directory_of(new), hours, catalogues)
    house.room.fold_anew([(noon - timedelta(days=1), CheckedIn(new.id))])
    assert house.greeting(new, noon).occasion.startswith("Quel plaisir")


def test_the_way_to_one_s_own_page_and_large_letters_are_on_greeting_and_card(
    hours: Hours, catalogues: Mapping[str, Words], noon: datetime
):
    large = msgspec.structs.replace(LEA, comfort=Comfort(large_text=True, stays_s=45))
    house = House(directory_of(large), hours, catalogues)
    house.room = Room(house.room.directory, hours, catalogues, lambda space, who: f"{space.name}/{who}")
    views = (
        house.greet(large, noon).view,
        house.room.scenery(OwnCard(LEA.id, noon), house.desk(noon), noon, 60).view,
    )
    for view in views:
        assert isinstance(view, Greeting | OwnCardView)
        assert (view.own_page, view.own_page_line) == ("Le Nook/lea", "Ta page, pendant deux minutes")
        assert (view.large, view.shown_for_s) == (True, 45.0)


def test_who_leaves_is_told_whom_they_met_or_thanked(house: House, noon: datetime):
    house.come_in(noon, LEA, AMINA, YUKI)

    def left() -> Farewell:
        view = house.room.scenery(Left(LEA.id, noon, noon), house.desk(noon), noon, 0).view
        assert isinstance(view, Farewell)
        return view

    assert left().line.endswith("Merci d’avoir été là aujourd’hui.")
    house.add(noon, Met(LEA.id, AMINA.id))
    assert left().line.endswith("Tu as rencontré quelqu’un aujourd’hui.")
    house.add(noon, Met(LEA.id, AMINA.id), Met(YUKI.id, LEA.id), Met(YUKI.id, AMINA.id))
    assert left().line.endswith("Tu as rencontré deux personnes aujourd’hui.")
    house.add(noon, MeetingUndone(LEA.id, YUKI.id))
    assert left().line.endswith("Tu as rencontré quelqu’un aujourd’hui.")


def test_a_pair_is_noted_as_shown_once_a_day(house: House, noon: datetime):
    house.come_in(noon, AMINA)
    scenery = house.greet(LEA, noon)
    paired, introduced = scenery.follows
    assert isinstance(paired, Paired)
    assert isinstance(introduced, Introduced)
    assert introduced.shown == (Shown(AMINA.id, Slot.PARTNER),)
    assert [i.member_id for i in scenery.introductions] == [AMINA.id]
    house.add(noon, *scenery.follows)
    again = house.room.scenery(OwnCard(LEA.id, noon), house.desk(noon), noon, 60)
    assert again.follows == ()
    assert [i.member_id for i in again.introductions] == [AMINA.id]


def test_both_of_a_pair_are_shown_each_other(house: House, noon: datetime):
    house.come_in(noon, AMINA)
    house.add(noon, *house.greet(LEA, noon).follows)
    other = house.room.scenery(OwnCard(AMINA.id, noon), house.desk(noon), noon, 60)
    assert [i.member_id for i in other.introductions] == [LEA.id]
    (introduced,) = other.follows
    assert isinstance(introduced, Introduced)


def test_what_the_hub_planned_is_shown(hours: Hours, catalogues: Mapping[str, Words], noon: datetime):
    pairing = Pairing(*pair(LEA.id, AMINA.id), Slot.PARTNER, origin=Origin.PLAN)
    early = noon - timedelta(hours=4)
    day = hours.day_of(early)
    directory = replace(directory_of(), plans={day: DayPlan(day, (pairing,))})
    house = House(directory, hours, catalogues)
    house.come_in(early, AMINA)
    scenery = house.greet(LEA, early)
    assert [i.member_id for i in scenery.introductions] == [AMINA.id]
    assert [type(event) for event in scenery.follows] == [Introduced]


def test_the_mood_chosen_is_marked_on_the_card(house: House, noon: datetime):
    house.come_in(noon, LEA)
    house.add(noon, MoodChosen(LEA.id, Mood.LOOKING))
    view = house.room.scenery(MoodSet(LEA.id, Mood.LOOKING), house.desk(noon), noon, 0).view
    assert isinstance(view, OwnCardView)
    assert [choice.key for choice in view.moods if choice.chosen] == ["2"]


def test_few_meetings_are_not_counted_out_loud_and_undone_ones_not_at_all(house: House, noon: datetime):
    for other in (AMINA.id, COUNTED_ONE.id)[: FEWEST_MEETINGS - 1]:
        house.add(noon, Met(LEA.id, other))
    assert house.lobby(noon).met_week_line == ""
    house.add(noon, Met(LEA.id, YUKI.id))
    assert house.lobby(noon).met_week_line == "3 rencontres cette semaine"
    house.add(noon, MeetingUndone(LEA.id, YUKI.id))
    assert house.lobby(noon).met_week_line == ""


def test_a_silent_hub_is_a_quiet_bar_with_what_waits(house: House, noon: datetime):
    assert house.lobby(noon).trouble is None
    trouble = house.lobby(noon, hub_reachable=False, waiting=1).trouble
    assert trouble is not None
    assert trouble.line.startswith("Le hub est injoignable. 1 note attend")
    assert trouble.line_secondary.startswith("The hub is out of reach. 1 note waits")


def test_presence_ends_by_itself_at_closing_time(house: House, noon: datetime):
    house.come_in(noon, LEA)
    assert house.lobby(noon + timedelta(hours=7)).present_count == 1
    assert house.lobby(noon + timedelta(hours=9)).present_count == 0


def test_the_same_log_gives_the_same_room_however_it_is_cut(
    directory: Directory, hours: Hours, catalogues: Mapping[str, Words], noon: datetime
):
    def rooms(parts: Iterable[list[Event]]) -> Lobby:
        house = House(directory, hours, catalogues)
        for part in parts:
            house.add(noon, *part)
        return house.lobby(noon)

    events: list[Event] = [CheckedIn(LEA.id), CheckedIn(AMINA.id), CheckedOut(LEA.id), Met(AMINA.id, YUKI.id)]
    assert rooms([events]) == rooms([[event] for event in events])
