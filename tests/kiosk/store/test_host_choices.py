"""What a host chose at one kiosk, over what the hub says."""

from contextlib import closing
from pathlib import Path

import pytest

from community.members import Space
from kiosk.store.host_choices import HostChoices
from kiosk.store.tables import open_database


async def test_nothing_chosen_is_as_the_hub_says(tmp_path: Path):
    with closing(open_database(tmp_path / "kiosk.db")) as database:
        assert HostChoices(database).over(Space(volume=35)) == Space(volume=35)


@pytest.mark.parametrize(("asked", "kept"), [(-10, 0), (0, 0), (45, 45), (110, 100)])
async def test_the_volume_is_kept_within_what_there_is(tmp_path: Path, asked: int, kept: int):
    with closing(open_database(tmp_path / "kiosk.db")) as database:
        choices = HostChoices(database)
        await choices.set_volume(asked)
        assert choices.over(Space()).volume == kept
        assert HostChoices(database).over(Space()).volume == kept
        await choices.set_volume(None)
        assert HostChoices(database).over(Space(volume=35)).volume == 35


async def test_languages_change_places_and_back(tmp_path: Path):
    with closing(open_database(tmp_path / "kiosk.db")) as database:
        choices = HostChoices(database)
        choices.over(Space(languages=("fr", "en")))
        await choices.swap_languages()
        assert choices.space.languages == ("en", "fr")
        assert HostChoices(database).over(Space(languages=("fr", "de"))).languages == ("de", "fr")
        await choices.swap_languages()
        assert choices.space.languages == ("fr", "en")
