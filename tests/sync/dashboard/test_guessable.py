"""Passwords that are guessed first are refused, and the others are not."""

import pytest

from sync.dashboard.guessable import LIST, is_common
from sync.dashboard.passwords import SHORTEST
from tests.sync.dashboard.house import PASSWORD, Browser, House
from tests.sync.dashboard.test_accounts import change


@pytest.mark.parametrize(
    "password",
    [
        "1q2w3e4r5t",
        "1Q2W3E4R5T",
        "Motdepasse2026!",
        "**bienvenue**",
        "aaaaaaaaaaaa",
        "ababababab",
        "camille2026",
    ],
)
def test_what_is_tried_first_is_common(password: str):
    assert is_common(password, " Camille ")


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "the boat sails at nine", "camille and the boats", "Üble Nächte 7", "0" * 9 + "xyz"],
)
def test_what_nobody_else_would_choose_is_not(password: str):
    assert not is_common(password, "camille")


def test_an_account_without_a_name_is_another_mistake():
    assert not is_common("the boat sails at nine", "")


def test_the_list_says_where_it_is_from_and_holds_what_could_be_chosen():
    lines = LIST.read_text(encoding="utf-8").splitlines()
    remarks = "\n".join(line for line in lines if line.startswith("#"))
    assert "Copyright (c) Django Software Foundation" in remarks
    assert "Copyright (c) 2016 Daniel Wolf" in remarks
    listed = [line for line in lines if not line.startswith("#")]
    assert listed == [line.lower() for line in listed]
    assert sum(len(line) >= SHORTEST for line in listed) > 2_000


def test_whoever_changes_theirs_is_told_why(house: House, host: Browser):
    answer = change(host, PASSWORD, "Password2026")
    assert answer.headers["location"] == "/accounts?said=common"
    assert "Too many people would choose this password" in host.get("/accounts?said=common").text
    assert Browser(house).log_in().status == 303
