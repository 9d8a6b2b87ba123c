"""Topics: which items hold a word that somebody does not want to be approached with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.introductions.topics import holders


def held(item: str, topic: str) -> bool:
    return bool(holders([item], [topic])[topic])


@pytest.mark.parametrize(
    ("item", "topic"),
    [
        ("I love Crypto", "crypto"),
        ("cryptomonnaies et bourse", "crypto"),
        ("Sécurité informatique", "securite"),
        ("securite", "SÉCURITÉ"),
        ("l'art moderne", "art"),
        ("art", "art"),
        ("vente  de\nmaisons", "vente de maisons"),
        ("暗号資産の相談", "暗号"),
        ("soirée 🍷 et fromage", "🍷"),
        ("C++ et Rust", "C++"),
        ("no-code", "code"),
    ],
)
def test_an_item_holds_a_topic(item: str, topic: str):
    assert held(item, topic)


@pytest.mark.parametrize(
    ("item", "topic"),
    [
        ("artisan boulanger", "art"),
        ("partir loin", "art"),
        ("démocryptage", "crypto"),
        ("trusting", "rust"),
        ("crypto", ""),
        ("crypto", "  "),
        ("", "crypto"),
        ("vente", "vente de maisons"),
    ],
)
def test_an_item_does_not_hold_a_topic(item: str, topic: str):
    assert not held(item, topic)


def test_every_topic_is_told_apart_by_item():
    items = ["crypto", "jazz", "jazz et crypto", ""]
    assert holders(items, ["jazz", "crypto", "jazz"]) == {"jazz": (1, 2), "crypto": (0, 2)}


def test_without_topics_nothing_is_looked_for():
    assert holders(["crypto"], []) == {}


@given(st.lists(st.text()), st.lists(st.text()))
def test_any_text_can_be_searched_for_any_other(items, topics):
    found = holders(items, topics)
    assert set(found) == set(topics)
    assert all(0 <= place < len(items) for places in found.values() for place in places)
