"""Reasons: what may be said, and what must never be."""

from dataclasses import fields
from datetime import date
from typing import get_args, get_type_hints

from community.introductions.reasons import Reason


def test_a_reason_holds_quotations_and_a_date_never_a_count():
    # A number could only say how many people somebody knows: isolation is never given as a reason.
    for kind in get_args(Reason):
        assert set(get_type_hints(kind).values()) <= {str, date}, kind


def test_no_reason_speaks_of_how_connected_somebody_is():
    words = {field.name for kind in get_args(Reason) for field in fields(kind)}
    assert words == {"need", "offer", "knows", "interest", "their_words", "joined", "language", "met"}
