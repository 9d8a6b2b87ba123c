"""When a code from the door opens a page: once, in time, of a kiosk that is let in, for somebody here."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.badges import BadgeKey
from community.ids import KioskId, MemberId, SpaceId
from community.members import Member
from community.wire.messages import Status
from community.wire.passes import (
    GOOD_FOR_S,
    NONCE_BYTES,
    SKEW_S,
    Means,
    claim_of,
    keyed_proof,
    what_is_proved,
    written,
)
from plumbing.database import Database
from plumbing.signing import SigningKey
from sync.passes import Passes, Refusal
from sync.store import credentials, directory, kiosks

SPACE, DOOR, OTHER = SpaceId("nook"), KioskId("front-door"), KioskId("garden-door")
LEA = MemberId("lea")
KEY = BadgeKey(1, b"a secret of the space, 32 bytes.")
SIGN, OTHER_SIGN = SigningKey.make(), SigningKey.make()
NOW_S = 1_795_000_000
NONCE = bytes(NONCE_BYTES)


@pytest.fixture
def hub(database: Database) -> Database:
    """A hub with Léa, and a door that was let in."""

    def work(connection) -> None:
        directory.put_member(connection, Member(LEA, "Léa"))
        credentials.issue(connection, DOOR, "x", SIGN.public, 1)

    database.write_now(work)
    return database


def code(
    issued_s: int = NOW_S,
    *,
    key: SigningKey = SIGN,
    kiosk: KioskId = DOOR,
    member: MemberId = LEA,
    space: SpaceId = SPACE,
) -> str:
    claim = claim_of(Means.SIGNED, issued_s, NONCE, kiosk, member)
    return written(claim, bytes.fromhex(key.sign(what_is_proved(space, member, claim))))


def plain(kiosk: KioskId = OTHER, secret: bytes = KEY.secret) -> str:
    claim = claim_of(Means.KEYED, NOW_S, NONCE, kiosk, LEA)
    return written(claim, keyed_proof(secret, what_is_proved(SPACE, LEA, claim)))


def take(hub: Database, text: str, now_s: int = NOW_S, *, strangers: bool = True) -> MemberId | Refusal:
    passes = Passes(SPACE, KEY, strangers=strangers)
    return hub.write_now(lambda c: passes.take(c, text, now_s * 1_000_000))


def test_a_code_opens_the_page_once(hub: Database):
    assert take(hub, code()) == LEA
    assert take(hub, code(), NOW_S + 1) is Refusal.USED


@pytest.mark.parametrize(
    ("after_s", "good"),
    [
        (-SKEW_S - 1, False),
        (-SKEW_S, True),
        (GOOD_FOR_S + SKEW_S, True),
        (GOOD_FOR_S + SKEW_S + 1, False),
        (86_400, False),
    ],
)
def test_it_is_good_for_two_minutes_and_what_clocks_may_differ_by(hub: Database, after_s: int, good: bool):  # noqa: FBT001
    assert take(hub, code(), NOW_S + after_s) == (LEA if good else Refusal.OLD)


def test_only_the_signature_of_its_own_kiosk_counts(hub: Database):
    hub.write_now(lambda c: credentials.issue(c, OTHER, "x", OTHER_SIGN.public, 1))
    assert take(hub, code(key=OTHER_SIGN)) is Refusal.UNPROVEN
    assert take(hub, code(kiosk=OTHER)) is Refusal.UNPROVEN
    assert take(hub, code(space=SpaceId("elsewhere"))) is Refusal.UNPROVEN
    assert take(hub, code(key=OTHER_SIGN, kiosk=OTHER)) == LEA


def test_a_refused_code_is_not_used_up(hub: Database):
    assert take(hub, code(), NOW_S + 600) is Refusal.OLD
    assert take(hub, code()) == LEA


def test_a_kiosk_that_was_shut_out_opens_nothing(hub: Database):
    hub.write_now(lambda c: credentials.end(c, DOOR, 2))
    assert take(hub, code()) is Refusal.UNPROVEN
    assert take(hub, plain()) is Refusal.UNPROVEN, "it may have kept the badge secret"


def test_a_kiosk_without_papers_proves_it_with_the_space_s_secret_while_such_kiosks_are_believed(
    hub: Database,
):
    assert take(hub, plain(), strangers=False) is Refusal.UNPROVEN
    assert take(hub, plain(kiosk=DOOR)) is Refusal.UNPROVEN, "that door signs"
    assert take(hub, plain(secret=b"another")) is Refusal.UNPROVEN
    assert take(hub, plain()) == LEA


def test_nobody_is_let_in_who_is_not_here(hub: Database):
    assert take(hub, code(member=MemberId("nobody"))) is Refusal.NOBODY
    hub.write_now(lambda c: directory.remove_member(c, LEA))
    assert take(hub, code()) is Refusal.NOBODY
    assert take(hub, "no code at all") is Refusal.UNREADABLE


def test_a_kiosk_s_clock_that_nobody_sets_is_allowed_for(hub: Database):
    behind_s = 40 * 365 * 86_400

    def says(*, synced: bool):
        status = Status(online=True, at_us=(NOW_S - behind_s) * 1_000_000, synced=synced)
        hub.write_now(lambda c: kiosks.put(c, DOOR, status, NOW_S * 1_000_000))

    says(synced=True)
    assert take(hub, code(NOW_S - behind_s + 60), NOW_S + 90) is Refusal.OLD
    says(synced=False)
    late_s = NOW_S + 60 + GOOD_FOR_S + SKEW_S + 1
    assert take(hub, code(NOW_S - behind_s + 60), late_s) is Refusal.OLD
    assert take(hub, code(NOW_S - behind_s + 60), NOW_S + 90) == LEA


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_flipped_bit_opens_nothing(sqlite: Database, data: st.DataObject):
    def work(connection) -> None:
        directory.put_member(connection, Member(LEA, "Léa"))
        if not credentials.every(connection):
            credentials.issue(connection, DOOR, "x", SIGN.public, 1)

    sqlite.write_now(work)
    bits = bytearray(data.draw(st.sampled_from([code(), plain()])).encode())
    place = data.draw(st.integers(0, 8 * len(bits) - 1))
    bits[place // 8] ^= 1 << place % 8
    assert isinstance(take(sqlite, bits.decode("latin-1")), Refusal)
