"""Cards and letters: small, signed, for one space; whatever is changed in one makes it none."""

import base64
import re

import msgspec
import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbing.signing import SigningKey
from sync.sisters import cards, letters, seals
from sync.sisters.letters import GOOD_S, MOST_CHARACTERS, SKEW_S, Letter, Refusal

KEY, OTHER = SigningKey("11" * 32), SigningKey("22" * 32)
HOME, AWAY = cards.id_of(KEY.public), cards.id_of(OTHER.public)
NOW_S = 1_795_000_000
ADDRESS = "https://foyer.example.org"
SHORT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=120)
LISTS = st.lists(SHORT, max_size=30).map(tuple)


def letter(**more) -> Letter:
    facts = {"name": "Léa Martin", "languages": ("fr", "en"), "needs": (("un local", "2026-12-24"),)}
    return Letter(HOME, AWAY, "a" * 24, "b" * 32, NOW_S, NOW_S + GOOD_S, **{**facts, **more})


def is_good(text: str) -> bool:
    found = letters.read(text)
    return found is not None and found[1].is_of(KEY.public, letters.PURPOSE)


def test_a_letter_comes_back_as_it_was_written():
    text = letters.write(letter(), KEY)
    found = letters.read(f"  {text[:40]}\n {text[40:]}\n")  # as an e-mail leaves it
    assert found is not None
    assert found[0] == letter()
    assert found[1].is_of(KEY.public, letters.PURPOSE)
    assert not found[1].is_of(OTHER.public, letters.PURPOSE)
    assert not found[1].is_of(KEY.public, cards.PURPOSE)  # it is good for nothing else


@given(st.data())
def test_whatever_bit_is_changed_it_is_refused(data):
    text = letters.write(letter(), KEY)
    n = data.draw(st.integers(0, len(text) * 8 - 1))
    raw = bytearray(text.encode())
    raw[n // 8] ^= 1 << n % 8
    changed = raw.decode("latin-1")
    if "".join(changed.split()) != text:  # a space is left out
        assert not is_good(changed)


@given(st.text(max_size=400) | st.binary(max_size=300).map(lambda b: seals.seal(KEY, b"", b)))
def test_anything_else_is_no_letter_and_no_card(text):
    assert not is_good(text)
    assert cards.read(text) is None


@settings(max_examples=40, deadline=None)
@given(LISTS, LISTS, LISTS, LISTS, st.lists(st.sampled_from(["fr", "en", "es"]), max_size=20).map(tuple))
def test_a_letter_fits_and_says_all_that_it_left_out(needs, offers, interests, ask_about, languages):
    whole = letter(
        name="🦉" * 60,
        needs=tuple((need, "") for need in needs),
        offers=offers,
        interests=interests,
        ask_about=ask_about,
        languages=languages,
    )
    small, gone = letters.fitted(whole)
    text = letters.write(small, KEY)
    assert len(text) <= MOST_CHARACTERS
    assert is_good(text)
    kept = [*small.languages, *(need for need, _ in small.needs)]
    kept += [*small.offers, *small.interests, *small.ask_about]
    assert sorted([*kept, *gone]) == sorted([*languages, *needs, *offers, *interests, *ask_about])


def test_the_longest_link_is_a_code_that_one_phone_reads_from_another():
    link = f"{'x' * cards.LONGEST_ADDRESS}/visit#{'y' * MOST_CHARACTERS}"
    assert segno.make_qr(link, error="l", boost_error=False).version <= 25


def test_the_longest_goes_first_and_what_cannot_go_stays():
    whole = letter(offers=("a" * 20, "b" * 100), interests=("c" * 100, "d"), needs=())
    least = len(letters.write(letter(offers=("a" * 20,), interests=("d",), needs=()), KEY))
    small, gone = letters.fitted(whole, least)
    assert gone == ("c" * 100, "b" * 100)
    assert (small.offers, small.interests) == (("a" * 20,), ("d",))
    bare, gone = letters.fitted(whole, 10)
    assert bare.name == whole.name
    assert len(gone) == 4
    assert letters.fitted(letter()) == (letter(), ())


def test_a_letter_is_good_for_one_space_and_some_days():
    good = letter()
    assert letters.refuse(good, AWAY, NOW_S, 0) is None
    assert letters.refuse(good, AWAY, NOW_S + GOOD_S - 1, NOW_S - SKEW_S) is None
    assert letters.refuse(good, HOME, NOW_S, 0) is Refusal.ELSEWHERE
    assert letters.refuse(good, AWAY, NOW_S + GOOD_S, 0) is Refusal.OLD
    # this hub was restored since; or before, but the clock of the space that wrote it may be ahead
    for restored_s in (NOW_S + 1, NOW_S, NOW_S - SKEW_S + 1):
        assert letters.refuse(good, AWAY, NOW_S, restored_s) is Refusal.OLD
    for_ever = msgspec.structs.replace(good, until_s=NOW_S + GOOD_S + 1)
    assert letters.refuse(for_ever, AWAY, NOW_S, 0) is Refusal.OLD
    assert letters.refuse(good, AWAY, NOW_S - SKEW_S, 0) is None
    assert letters.refuse(good, AWAY, NOW_S - SKEW_S - 1, 0) is Refusal.EARLY


def test_a_signed_text_that_is_no_letter_is_none():
    for body in (b"[]", b"{}", b"\xff", b'["a","b","c","d",1,2]'):
        assert letters.read(seals.seal(KEY, letters.PURPOSE, body)) is None
    assert letters.read("a.b") is None


@pytest.mark.parametrize("name", ["\0" * 24, "é" * 24, "a" * 23 + "\n", "a" * 23 + " ", ""])
def test_what_no_database_may_be_asked_about_stands_in_no_letter(name):
    """Anybody can write one that names whatever space: it is looked up before its signature is."""
    for facts in ({"home": name}, {"visitor": name}):
        assert letters.read(letters.write(msgspec.structs.replace(letter(), **facts), KEY)) is None


def test_two_sisters_cannot_tell_that_it_is_one_person():
    names = {
        letters.pseudonym(KEY.secret, AWAY, "lea"),
        letters.pseudonym(KEY.secret, HOME, "lea"),
        letters.pseudonym(KEY.secret, AWAY, "amina"),
        letters.pseudonym(OTHER.secret, AWAY, "lea"),
    }
    assert len(names) == 4
    assert letters.pseudonym(KEY.secret, AWAY, "lea") in names


def test_a_card_comes_back_and_its_number_changes_with_anything_on_it():
    text = cards.write("Le Nook", ADDRESS, KEY)
    card = cards.read(f" {text[:50]}\r\n{text[50:]} ")
    assert card == cards.Card("Le Nook", ADDRESS, KEY.public)
    assert card.id == HOME
    assert card.fingerprint == cards.Card("Le Nook", ADDRESS, KEY.public).fingerprint
    assert [len(group) for group in card.fingerprint.split()] == [5] * 6
    others = [
        cards.Card("Le Nook!", ADDRESS, KEY.public),
        cards.Card("Le Nook", f"{ADDRESS}:8443", KEY.public),
        cards.Card("Le Nook", ADDRESS, OTHER.public),
    ]
    assert len({card.fingerprint, *(each.fingerprint for each in others)}) == 4


@pytest.mark.parametrize(
    "body",
    [
        b"\xff",
        b"{}",
        b'["Le Nook"]',
        msgspec.json.encode(("Le Nook", ADDRESS, "22")),
        msgspec.json.encode(("Le Nook", ADDRESS, OTHER.public)),
        msgspec.json.encode(("Le Nook", ADDRESS, KEY.public.upper())),
        msgspec.json.encode(("Le Nook", ADDRESS, " ".join(re.findall("..", KEY.public)))),
        msgspec.json.encode(("Le Nook", ADDRESS, f"{KEY.public}\n")),
        msgspec.json.encode(("", ADDRESS, KEY.public)),
        msgspec.json.encode(("x" * 81, ADDRESS, KEY.public)),
        msgspec.json.encode(("Le  Nook", ADDRESS, KEY.public)),
        msgspec.json.encode(("Le\u202eNook", ADDRESS, KEY.public)),
        msgspec.json.encode(("Le Nook", "https://user@foyer.example.org", KEY.public)),
        msgspec.json.encode(("Le Nook", ADDRESS, KEY.public)).replace(b",", b", "),
    ],
)
def test_what_is_not_quite_a_card_is_none(body):
    assert cards.read(seals.seal(KEY, cards.PURPOSE, body)) is None


@pytest.mark.parametrize(
    "address",
    [
        *("", "foyer.example.org", "ftp://example.org", "https://", "https://a.org/visit", "https://a.org?x"),
        *("https://a.org:0", "https://a.org:x", "https://é.org", f"https://{'a' * 80}.org", "https://[::1"),
        *("javascript://a.org", "https://me@a.org", "https://a.org\\.b.org"),
    ],
)
def test_only_the_beginning_of_a_web_address_is_an_address(address):
    assert not cards.is_address(address)


def test_addresses_of_a_house_are_addresses():
    for address in (ADDRESS, "http://foyer.local:8080", "http://192.168.1.20:8000", "https://[fd00::1]:8443"):
        assert cards.is_address(address)


def test_a_text_is_sealed_in_one_way_only():
    text = seals.seal(KEY, b"p", b"ab")
    assert len(text) == seals.length_of(b"ab")
    body, _, signature = text.partition(".")
    assert seals.unseal(f"{body}=.{signature}") is None
    assert seals.unseal(f"{base64.b64encode(b'a').decode()[:1]}R.{signature}") is None  # "YR" is "a" too
    assert seals.unseal(f"{body}.{signature[:-4]}") is None
    assert seals.unseal(body) is None
    assert seals.unseal("é.é") is None
