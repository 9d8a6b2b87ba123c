"""Badges: keyed hashes nobody can turn back, and codes people can say aloud."""

from hypothesis import given
from hypothesis import strategies as st

from community.badges import CODE_ALPHABET, CODE_LENGTH, Badge, BadgeKey, BadgeStatus, short_code
from tests.community.samples import ADA, badge

KEY = BadgeKey(1, bytes(range(32)))
UID = bytes.fromhex("04a1b2c3d4e5f6")
UIDS = st.binary(min_size=4, max_size=10)


def test_a_uid_has_the_same_hash_for_ever():
    # A change of these digits turns every badge of every space into an unknown one.
    assert KEY.hash(UID) == "k1:34ebad1fe03df3bfbc7a3b6df1f0ac0a"


@given(UIDS, UIDS)
def test_only_equal_uids_have_equal_hashes(one: bytes, other: bytes):
    assert (KEY.hash(one) == KEY.hash(other)) == (one == other)


@given(UIDS)
def test_another_secret_gives_another_hash(uid: bytes):
    assert BadgeKey(1, b"another" * 5).hash(uid) != KEY.hash(uid)


@given(UIDS)
def test_a_hash_names_the_version_of_its_key_and_not_the_uid(uid: bytes):
    version, _, digits = BadgeKey(7, KEY.secret).hash(uid).partition(":")
    assert version == "k7"
    assert len(digits) == 32
    assert uid.hex() not in digits


def test_a_key_never_shows_its_secret():
    assert repr(KEY) == "BadgeKey(version=1)"
    assert f"{KEY}" == "BadgeKey(version=1)"


@given(UIDS)
def test_a_short_code_can_be_read_aloud(uid: bytes):
    code = short_code(KEY.hash(uid))
    assert len(code) == CODE_LENGTH
    assert set(code) <= set(CODE_ALPHABET)


def test_no_letter_of_a_code_looks_like_another():
    assert len(set(CODE_ALPHABET)) == len(CODE_ALPHABET) == 30
    assert not set("0O1ILU") & set(CODE_ALPHABET)


def test_door_and_dashboard_agree_on_a_code_for_ever():
    assert short_code(badge(0)) == "2222"
    assert short_code(badge(1)) == "3222"
    assert short_code(badge(30)) == "2322"


def test_the_unknown_badges_of_a_week_have_different_codes():
    codes = {short_code(KEY.hash(number.to_bytes(7, "big"))) for number in range(20)}
    assert len(codes) == 20


def test_a_badge_opens_its_card_unless_somebody_says_otherwise():
    assert Badge(badge(1), ADA).status is BadgeStatus.ACTIVE
