"""The crowd: everybody as arrays."""

from datetime import timedelta

import msgspec
import numpy as np

from community.introductions.crowd import Crowd
from community.introductions.sides import Kind
from community.members import Intent
from tests.community.introductions.people import TODAY, ground_of
from tests.community.samples import willing

ANN = willing("m-ann", languages=("fr", "pt"), company="Atelier", needs=("site web",), joined=TODAY)
BOB = willing("m-bob", languages=("FR",), company="atelier ", offers=("site web",), avoid=("m-cat", "m-gone"))
CAT = willing("m-cat", languages=("en", "PT"), intents=(Intent.COMPANY,), joined=TODAY - timedelta(days=9))
DAN = willing("m-dan", languages=("en",), joined=TODAY + timedelta(days=4), intents=(Intent.ADVISE,))
OTHERS = tuple(willing(f"m-{n}", languages=("en",)) for n in range(8))
EVERYBODY = (ANN, BOB, CAT, DAN, *OTHERS)


def crowd_of(*members) -> Crowd:
    return Crowd.of(members, ground_of(*members), TODAY)


def rows(*numbers: int):
    return np.array(numbers, np.intp)


def test_people_stand_in_rows_with_what_they_said():
    crowd = crowd_of(*EVERYBODY)
    assert crowd.index[BOB.id] == 1
    assert crowd.business[:4].tolist() == [True, True, False, False]
    assert crowd.askable[:4].tolist() == [False, False, False, True]
    assert crowd.age_days[:4].tolist() == [0, -1, 9, -1]
    assert crowd.agreed.all()


def test_companies_are_the_same_however_they_are_written_and_working_alone_is_none():
    companies = crowd_of(*EVERYBODY).companies
    assert companies[0] == companies[1]
    assert len(set(companies.tolist())) == len(EVERYBODY) - 1


def test_languages_are_shared_in_any_spelling():
    crowd = crowd_of(*EVERYBODY)
    assert crowd.share_language(rows(0, 2), rows(1, 2, 3)).tolist() == [
        [True, True, False],
        [False, True, True],
    ]
    assert crowd.preferred[0] == crowd.preferred[1] != crowd.preferred[2]


def test_a_hundred_languages_are_told_apart():
    pairs = [(f"x{number % 100}", f"y{number % 100}") for number in range(200)]
    crowd = crowd_of(*(willing(f"m-{at:03}", languages=both) for at, both in enumerate(pairs)))
    every = np.arange(200)
    same = every[:, None] % 100 == every % 100
    assert np.array_equal(crowd.share_language(every, every), same)
    assert np.array_equal(crowd.share_uncommon_language(every, every), same)


def test_an_uncommon_language_is_one_that_most_here_do_not_speak():
    crowd = crowd_of(*EVERYBODY)
    assert crowd.uncommon == {"fr", "pt"}
    assert crowd.uncommon_language(0, 2) == "pt"
    assert crowd.uncommon_language(2, 3) is None
    assert crowd.share_uncommon_language(rows(2), rows(0, 3)).tolist() == [[True, False]]


def test_of_two_uncommon_languages_the_least_common_is_named():
    both = [willing(f"m-b{n}", languages=("en", "nl", "eo")) for n in range(2)]
    crowd = crowd_of(
        *EVERYBODY,
        *both,
        willing("m-n", languages=("nl",)),
        *(willing(f"m-o{n}", languages=("en",)) for n in range(9)),
    )
    assert crowd.uncommon_language(len(EVERYBODY), len(EVERYBODY) + 1) == "eo"


def test_avoiding_holds_both_ways_and_who_is_gone_is_nobody():
    crowd = crowd_of(*EVERYBODY)
    assert {row: others.tolist() for row, others in crowd.avoiding.items()} == {1: [2], 2: [1]}


def test_the_ground_is_seen_from_both_sides():
    crowd = crowd_of(*EVERYBODY)
    assert (crowd.linked(rows(0), rows(0, 1)).needs[0] > 0).tolist() == [[False, True]]
    assert (crowd.linked(rows(1), rows(0, 1)).needs[1] > 0).tolist() == [[True, False]]
    there, back = crowd.link(Kind.OFFER, 0, 1)
    assert there > back == 0
    assert crowd.link(Kind.OFFER, 1, 0) == (back, there)


def test_what_the_ground_says_of_who_changed_since_is_not_believed():
    changed = msgspec.structs.replace(ANN, needs=("site web", "photo"))
    crowd = Crowd.of((changed, BOB), ground_of(ANN, BOB), TODAY)
    assert crowd.ground_rows.tolist() == [-1, 1]
    assert not crowd.linked(rows(0), rows(1)).needs.any()
    assert crowd.link(Kind.OFFER, 0, 1) == crowd.link(Kind.OFFER, 1, 0) == (0, 0)
    assert not crowd.linked(rows(0, 1), rows(0, 1)).needs.any()


def test_of_two_members_with_one_id_the_last_counts():
    crowd = Crowd.of((ANN, BOB, msgspec.structs.replace(ANN, name="Anne")), ground_of(ANN, BOB), TODAY)
    assert [member.name for member in crowd.members] == ["Anne", BOB.name]


def test_a_crowd_may_be_empty():
    crowd = crowd_of()
    assert crowd.members == ()
    assert crowd.linked(rows(), rows()).common.shape == (0, 0)
