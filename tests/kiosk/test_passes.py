"""The address of a member's own page: made without the hub, by whoever may, and never twice the same."""

from pathlib import Path

import pytest

from community.ids import KioskId, MemberId, SpaceId
from community.members import Space
from community.wire.passes import Means, keyed_proof, member_mark, read_pass, what_is_proved
from kiosk.enrolment import Enrolment
from kiosk.papers import Papers
from kiosk.passes import PATH, Passes
from plumbing.clock import Clock
from plumbing.signing import SigningKey, is_signed
from tests.fakes.community import KEY, LEA

SPACE, DOOR = SpaceId("nook"), KioskId("front-door")
AT_HOME = Space(address="https://foyer.example.org/")
SIGN = SigningKey.make()


def papers(folder: Path, *, revoked: bool = False) -> Papers:
    enrolment = Enrolment(
        SPACE,
        DOOR,
        "https://hub.example",
        "",
        "hub.example",
        8883,
        "front-door.1",
        1,
        private_key="" if revoked else SIGN.secret,
        revoked=revoked,
    )
    return Papers(folder, enrolment, clock_is_right=lambda: True, now_s=lambda: 0.0)


def code_of(address: str) -> str:
    begins, _, code = address.rpartition("/")
    assert begins == "HTTPS://FOYER.EXAMPLE.ORG" + PATH.rstrip("/")
    return code


def test_a_kiosk_with_papers_signs_it(tmp_path: Path):
    found = read_pass(code_of(Passes(SPACE, DOOR, KEY, papers(tmp_path), Clock()).address(AT_HOME, LEA.id)))
    assert found is not None
    assert (found.means, found.member) == (Means.SIGNED, member_mark(LEA.id))
    assert is_signed(SIGN.public, found.proof.hex(), what_is_proved(SPACE, LEA.id, found.claim))
    assert found.is_fresh(int(Clock().at().timestamp()))


def test_a_kiosk_without_papers_proves_it_with_the_space_s_secret():
    found = read_pass(code_of(Passes(SPACE, DOOR, KEY, None, Clock()).address(AT_HOME, LEA.id)))
    assert found is not None
    assert found.proof == keyed_proof(KEY.secret, what_is_proved(SPACE, LEA.id, found.claim))


def test_no_two_are_the_same():
    passes = Passes(SPACE, DOOR, KEY, None, Clock())
    assert len({passes.address(AT_HOME, LEA.id) for _ in range(20)}) == 20


@pytest.mark.parametrize("member", [LEA.id, MemberId("x" * 64)])
def test_without_an_address_or_once_shut_out_there_is_none(tmp_path: Path, member: MemberId):
    assert Passes(SPACE, DOOR, KEY, None, Clock()).address(Space(), member) == ""
    assert Passes(SPACE, DOOR, KEY, papers(tmp_path, revoked=True), Clock()).address(AT_HOME, member) == ""
