"""Members: modest by default."""

import pytest

from community.ids import MemberId
from community.members import Member, Visibility


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
