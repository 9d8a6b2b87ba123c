"""Members: modest by default."""

import pytest

from community.ids import MemberId
from community.members import Member, Mood, Visibility


def test_by_default_only_hosts_learn_that_somebody_is_in():
    nobody_asked = Member(MemberId("m"), "Name")
    assert nobody_asked.visibility == Visibility(lobby=False, members=False, hosts=True)
    assert not nobody_asked.may_be_introduced


@pytest.mark.parametrize(
    ("agreed", "visible", "allowed"),
    [(True, True, True), (True, False, False), (False, True, False), (False, False, False)],
)
def test_an_introduction_needs_consent_and_a_name_members_may_read(
    agreed: bool,  # noqa: FBT001 - a column of the table above
    visible: bool,  # noqa: FBT001 - same
    allowed: bool,  # noqa: FBT001 - same
):
    member = Member(
        MemberId("m"), "Name", introductions=agreed, visibility=Visibility(lobby=True, members=visible)
    )
    assert member.may_be_introduced is allowed


def test_a_member_is_greeted_in_the_language_they_named_first():
    assert Member(MemberId("m"), "Name", languages=("en", "fr")).language == "en"


@pytest.mark.parametrize("mood", [None, *Mood])
def test_the_lobby_names_who_wished_it_and_quotes_who_agreed_but_nobody_who_is_heads_down(mood: Mood | None):
    awake = mood is not Mood.HEADS_DOWN
    for lobby in (True, False):
        silent = Member(MemberId("m"), "Name", visibility=Visibility(lobby=lobby, members=True))
        agreed = Member(
            MemberId("m"), "Name", visibility=Visibility(lobby=lobby, members=True), introductions=True
        )
        assert silent.is_named_in_lobby(mood) is (lobby and awake)
        assert silent.is_quoted_in_lobby(mood) is False
        assert agreed.is_quoted_in_lobby(mood) is (lobby and awake)
