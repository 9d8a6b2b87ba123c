"""A table: who comes is who was invited and said so last."""

from datetime import UTC, datetime

from community.ids import MemberId, TableId
from community.introductions.tables import Occasion, Table

A, B, C, D = (MemberId(f"m-{letter}") for letter in "abcd")
COFFEE = Table(TableId("t-1"), Occasion.COFFEE, datetime(2026, 3, 5, 14, tzinfo=UTC), invited=(C, A, B))


def test_only_who_was_invited_comes_in_the_order_of_the_invitation():
    assert COFFEE.coming_of({A: True, B: False, C: True, D: True}) == (C, A)


def test_of_who_said_nothing_what_was_known_before_holds():
    assert COFFEE.coming_of({A: False}, before=(A, B, D)) == (B,)
