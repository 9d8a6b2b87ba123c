"""Who is told of whom, of what hosts are told, and where anything may go: values in, values out."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.ids import KioskId, MemberId
from community.introductions.pairing import pair
from community.members import Member, Mood, Visibility
from sync.notices import addresses
from sync.notices.kinds import LAST_TRY_AGAIN, LONGEST, Kind, is_quiet, lasts, wait_after
from sync.notices.rules import Around, Asked, both_in, can_be_chosen, may_be_named
from sync.notices.texts import Texts
from sync.notices.troubles import KioskSeen, State, Trouble, troubles

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)
LEA, YUKI, PAUL = MemberId("lea"), MemberId("yuki"), MemberId("paul")
SEEN = Visibility(members=True)


def member(member_id: MemberId, *, visibility: Visibility = SEEN, avoid=()) -> Member:
    return Member(member_id, member_id.title(), visibility=visibility, avoid=avoid)


def house(*people: Member, moods=None, barred=frozenset()) -> Around:
    known = {each.id: each for each in people}
    return Around(known, dict.fromkeys(known) | (moods or {}), barred)


BOTH = [(LEA, YUKI), (YUKI, LEA)]


def test_two_who_asked_for_each_other_are_both_told():
    asked = Asked(BOTH, {LEA, YUKI})
    assert both_in(asked, house(member(LEA), member(YUKI))) == ((LEA, YUKI), (YUKI, LEA))


def test_nobody_is_told_on_the_wish_of_one():
    assert both_in(Asked([(LEA, YUKI)], {LEA, YUKI}), house(member(LEA), member(YUKI))) == ()


def test_who_agreed_to_be_found_is_named_and_hears_nothing_of_it():
    asked = Asked([(LEA, YUKI)], {LEA, YUKI}, {YUKI})
    assert both_in(asked, house(member(LEA), member(YUKI))) == ((LEA, YUKI),)


def test_who_left_no_address_is_not_told_and_is_named_all_the_same():
    assert both_in(Asked(BOTH, {LEA}), house(member(LEA), member(YUKI))) == ((LEA, YUKI),)


@pytest.mark.parametrize(
    "around",
    [
        house(member(LEA)),
        Around({LEA: member(LEA), YUKI: member(YUKI)}, {LEA: None}),
        house(member(LEA), member(YUKI, visibility=Visibility(lobby=True))),
        house(member(LEA, visibility=Visibility(lobby=True)), member(YUKI)),
        house(member(LEA), member(YUKI), moods={YUKI: Mood.HEADS_DOWN}),
        house(member(LEA), member(YUKI), moods={LEA: Mood.HEADS_DOWN}),
        house(member(LEA, avoid=(YUKI,)), member(YUKI)),
        house(member(LEA), member(YUKI, avoid=(LEA,))),
        house(member(LEA), member(YUKI), barred={pair(LEA, YUKI)}),
    ],
    ids="erased away hidden hiding heads-down busy avoiding avoided refused".split(),
)
def test_neither_is_told_if_anything_stands_against_it(around: Around):
    assert both_in(Asked(BOTH, {LEA, YUKI}, {LEA, YUKI}), around) == ()


def test_nobody_is_told_of_themselves():
    assert not may_be_named(LEA, LEA, house(member(LEA)))


def test_the_list_to_choose_from_does_not_tell_who_avoids_whom_or_who_is_in():
    known = {each.id: each for each in (member(LEA, avoid=(PAUL,)), member(YUKI, avoid=(LEA,)), member(PAUL))}
    assert [each.id for each in can_be_chosen(LEA, known)] == [PAUL, YUKI]
    known[YUKI] = member(YUKI, visibility=Visibility())
    assert [each.id for each in can_be_chosen(LEA, known)] == [PAUL]


IDS = [MemberId(each) for each in "abcd"]
some = st.sets(st.sampled_from(IDS))
people = st.fixed_dictionaries(
    {
        each: st.builds(
            Member,
            id=st.just(each),
            name=st.just(f"Name of {each}"),
            visibility=st.builds(Visibility, lobby=st.booleans(), members=st.booleans(), hosts=st.booleans()),
            introductions=st.booleans(),
            avoid=some.map(tuple),
        )
        for each in IDS
    }
)
pairs = st.tuples(st.sampled_from(IDS), st.sampled_from(IDS))


@given(
    people,
    st.dictionaries(st.sampled_from(IDS), st.sampled_from([None, *Mood])),
    st.sets(pairs.filter(lambda two: two[0] != two[1]).map(lambda two: pair(*two))),
    st.sets(pairs),
    some,
    some,
)
def test_no_notice_ever_names_anybody_hidden_heads_down_or_avoided(
    known, moods, barred, wishes, reached, found
):
    around = Around(known, moods, barred)
    for to, about in both_in(Asked(wishes, reached, found), around):
        one, other = known[to], known[about]
        assert to != about
        assert to in moods
        assert about in moods
        assert other.visibility.members
        assert one.visibility.members
        assert Mood.HEADS_DOWN not in {moods[to], moods[about]}
        assert about not in one.avoid
        assert to not in other.avoid
        assert pair(to, about) not in barred
        assert (to, about) in wishes
        assert (about, to) in wishes or about in found
        assert to in reached


def seen(*, online: bool = True, ago: timedelta = timedelta(0), disk: int = 10) -> State:
    return State([KioskSeen(KioskId("door"), online, NOON - ago, disk)])


def test_a_kiosk_is_silent_after_five_minutes_and_until_it_is_back():
    silent = Trouble(Kind.SILENT, "door")
    assert not troubles(seen(online=False, ago=timedelta(minutes=4)), (), NOON)
    assert troubles(seen(online=False, ago=timedelta(minutes=5)), (), NOON) == {silent}
    assert troubles(seen(online=False), {silent.key}, NOON) == {silent}
    assert not troubles(seen(ago=timedelta(hours=2)), {silent.key}, NOON)


def test_a_disk_that_is_freed_a_little_is_still_full():
    full = Trouble(Kind.DISK, "door")
    assert not troubles(seen(disk=89), (), NOON)
    assert troubles(seen(disk=90), (), NOON) == {full}
    assert troubles(seen(disk=85), {full.key}, NOON) == {full}
    assert not troubles(seen(disk=84), {full.key}, NOON)
    assert troubles(State(hub_disk_percent=95), (), NOON) == {Trouble(Kind.DISK)}


def test_what_waits_is_one_trouble_however_much_it_is():
    found = troubles(State(quarantined=7, unknown_badges=3), (), NOON)
    assert found == {Trouble(Kind.QUARANTINE), Trouble(Kind.BADGES)}


def test_the_evening_and_the_night_are_quiet():
    assert [is_quiet(time(hour)) for hour in (6, 7, 12, 19, 20, 23, 0)] == [
        True,
        False,
        False,
        False,
        True,
        True,
        True,
    ]


def test_waiting_doubles_up_to_an_hour_and_ends_after_a_day():
    waits = [wait_after(tries) for tries in range(1, 30)]
    assert waits[:3] == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    assert waits == sorted(waits)
    assert waits[-1] == LAST_TRY_AGAIN
    assert all(lasts(kind) <= LONGEST for kind in Kind)


@pytest.mark.parametrize(
    "text",
    [
        "lea@example.org",
        " lea.b+door@mail.example.co.uk ",
        "ntfys://ntfy.sh/lea-at-the-nook",
        "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
        "tgram://123456789:abcdefg_hijklmnop/12315544/",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        "mmosts://chat.example.org/4174216298",
    ],
)
def test_what_members_may_give(text: str):
    assert addresses.members_address(text) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lea",
        "lea@localhost",
        "lea@example.org,paul@example.org",
        "lea@example.org?to=paul@example.org",
        "mailto://me:secret@mail.example.org",
        "json://example.org/",
        "ntfy://ntfy.sh/topic",
        "file:///etc/passwd",
        "exec://rm",
        "syslog://localhost",
        "ntfys://127.0.0.1/topic",
        "ntfys://[::1]/topic",
        "ntfys://2130706433/topic",
        "ntfys://0x7f000001/topic",
        "ntfys://hub.local/topic",
        "ntfys://localhost./topic",
        "ntfys://[broken/topic",
        "ntfys://ntfy.sh/topic?verify=no",
        "ntfys://ntfy.sh/two topics",
        "ntfys://ntfy.sh/" + "x" * 500,
        "ntfys:topic",
        "\N{BELL}lea@example.org",
    ],
)
def test_what_members_may_not(text: str):
    assert addresses.members_address(text) is None


def test_a_channel_of_the_space_may_stand_in_the_house():
    for text in ("mailto://127.0.0.1:2525?from=door@example.org", "mmost://10.0.0.3/token", "json://hub/x"):
        assert addresses.space_address(text) == text
    for text in ("file:///etc/passwd", "https://example.org", "", "gibberish"):
        assert addresses.space_address(text) is None


def test_nothing_of_an_address_is_shown_that_lets_anybody_write_there():
    assert addresses.masked("lea@example.org") == "l…@example.org"
    assert addresses.masked("ntfys://ntfy.sh/secret-topic") == "ntfys://…"
    assert addresses.masked("mailtos://door:secret@example.org") == "mailtos://…"
    assert addresses.service_of("tgram://1:a/2") == "Telegram"
    assert addresses.service_of("lea@example.org") == "E-mail"
    assert addresses.service_of("gopher://x") == "?"


def test_mail_through_a_channel_reaches_only_whom_it_is_for():
    channel = "mailtos://door:pa%2Fss@mail.example.org:587/x@y.org?from=door%40nook.org&to=a@b.org&cc=c@d.org"
    assert addresses.mail_to(channel, "lea@example.org") == (
        "mailtos://door:pa%2Fss@mail.example.org:587?from=door%40nook.org&to=lea%40example.org"
    )
    assert addresses.carries_mail(channel)
    assert not addresses.carries_mail("ntfys://ntfy.sh/x")


def test_a_service_is_told_which_notice_it_is_where_it_can_be():
    assert addresses.with_key("json://x/y", "k1") == "json://x/y?%2BIdempotency-Key=k1"
    assert addresses.with_key("ntfys://x/y", "k1") == "ntfys://x/y"


@pytest.mark.parametrize(
    ("host", "inward"),
    [
        *((host, True) for host in "127.0.0.1 10.1.2.3 192.168.1.1 169.254.0.1 0.0.0.0 224.0.0.1".split()),
        *(
            (host, True)
            for host in "::1 fe80::1%eth0 fd00::1 ::ffff:10.0.0.1 2002:7f00:1:: 2001:0::1".split()
        ),
        *((host, True) for host in "64:ff9b::a00:1 example.org 100.64.0.1".split()),
        *((host, True) for host in "::127.0.0.1 64:ff9b:1::a00:1 fec0::1".split()),
        *((host, False) for host in "93.184.215.14 2606:4700::1111 64:ff9b::8.8.8.8".split()),
    ],
)
def test_what_leads_inward(host: str, *, inward: bool):
    assert addresses.is_inward(host) is inward


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("language", ["en", "fr", "es", "xx"])
def test_every_notice_has_its_words_in_every_language(kind: Kind, language: str):
    for where in ("", "door"):
        text = Texts("Le {Nook}").text(kind, language, name="Yuki {0}", where=where, code="012345")
        assert text.title
        assert text.body
        assert "{where}" not in text.title + text.body
        assert ("Yuki {0}" in text.body) is (kind is Kind.BOTH_IN)
        assert ("012345" in text.body) is (kind is Kind.CONFIRM)
