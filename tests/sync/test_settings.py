import re
import tomllib
from datetime import time
from pathlib import Path

import msgspec
import pytest

import sync
from community.members import Space
from plumbing.errors import SettingsError, WrongValueError
from plumbing.settings import load
from sync.publishing import Publishing
from sync.settings import PREFIX, AgendaSettings, HubSettings

EXAMPLE = Path(sync.__file__).parent / "hub.example.toml"


def from_toml(tmp_path: Path, text: str, **environment: str) -> HubSettings:
    file = tmp_path / "hub.toml"
    file.write_text(text)
    return load(HubSettings, file=file, environment=environment, prefix=PREFIX)


def test_the_example_is_valid_and_its_comments_are_the_defaults(tmp_path: Path):
    text = EXAMPLE.read_text()
    as_it_is = from_toml(tmp_path, text)
    assert as_it_is.space.id == "our-space"
    uncommented = re.sub(r"(?m)^#(?=[a-z_]+ = )", "", text)
    assert from_toml(tmp_path, uncommented) == as_it_is
    told = tomllib.loads(uncommented)
    known = msgspec.to_builtins(as_it_is)
    assert {key: sorted(value) if isinstance(value, dict) else None for key, value in told.items()} == {
        key: sorted(value) if isinstance(value, dict) else None for key, value in known.items()
    }


def test_the_space_turns_into_hours_and_facts(tmp_path: Path):
    space = from_toml(tmp_path, '[space]\nid = "loft"\nname = "Loft"\nclosing = "19:30"\n').space
    assert space.hours.closing == time(19, 30)
    assert space.facts == Space("Loft", "Europe/Paris", "19:30", ("fr", "en"))


def test_what_screens_and_phones_need_to_know_is_told_to_kiosks(tmp_path: Path):
    said = (
        '[space]\nid = "loft"\nformal = true\nvolume = 0\nquiet_from = "19:00"\nquiet_until = "08:30"\n'
        'address = "https://foyer.example.org:8443/"\n'
    )
    facts = from_toml(tmp_path, said).facts
    assert (facts.formal, facts.volume, facts.quiet_from, facts.quiet_until) == (True, 0, "19:00", "08:30")
    assert facts.address == "https://foyer.example.org:8443"


@pytest.mark.parametrize(
    ("lines", "key", "why"),
    [
        ("", "'space'", "missing"),
        ("[space]", "'space.id'", "missing"),
        ('[space]\nid = "Our Space"', "'space.id'", "cannot stand in a topic"),
        ('[space]\nid = "a/b"', "'space.id'", "cannot stand in a topic"),
        ('[space]\nid = "a"\nname = " "', "'space.name'", "empty"),
        ('[space]\nid = "a"\nclosing = "25:00"', "'space.closing'", "HH:MM"),
        ('[space]\nid = "a"\nclosing = "8pm"', "'space.closing'", "HH:MM"),
        ('[space]\nid = "a"\ntimezone = "Paris"', "'space.timezone'", "IANA"),
        ('[space]\nid = "a"\ntimezone = "../etc/passwd"', "'space.timezone'", "IANA"),
        ('[space]\nid = "a"\nlanguages = ["french", "en"]', "'space.languages'", "two-letter"),
        ('[space]\nid = "a"\nlanguages = ["fr"]', "'space.languages'", "length 2"),
        ('[space]\nid = "a"\nvolume = 101', "'space.volume'", "<= 100"),
        ('[space]\nid = "a"\nquiet_from = "8pm"\nquiet_until = "08:00"', "'space.quiet_from'", "HH:MM"),
        ('[space]\nid = "a"\nquiet_from = "20:00"', "'space.quiet_until'", "both times"),
        ('[space]\nid = "a"\nquiet_until = "08:00"', "'space.quiet_from'", "both times"),
        *(
            (f'[space]\nid = "a"\naddress = "{address}"', "'space.address'", "no address of the dashboard")
            for address in (
                "foyer.example.org",
                "ftp://foyer.example.org",
                "https://",
                "https://foyer.example.org/members",
                "https://foyer.example.org?x",
                "https://camille@foyer.example.org",
                "https://foyer.example.org:port",
                "https://accueil-chez-léa.example",
                "https://[::1",
                "https://" + "a" * 80,
            )
        ),
        ('[space]\nid = "a"\n[broker]\nport = 0', "'broker.port'", "1 to 65535"),
        ('[space]\nid = "a"\n[broker]\nport = 70000', "'broker.port'", "1 to 65535"),
        ('[space]\nid = "a"\n[broker]\nhost = ""', "'broker.host'", "empty"),
        ('[space]\nid = "a"\n[broker]\npassword_file = "x"', "'broker.username'", "no name to go with"),
        (
            '[space]\nid = "a"\n[broker]\nembedded = true\nhost = "0.0.0.0"',
            "'broker.host'",
            "this machine only",
        ),
        (
            '[space]\nid = "a"\n[broker]\nembedded = true\nhost = "hub.local"',
            "'broker.host'",
            "this machine only",
        ),
        ('[space]\nid = "a"\n[dashboard]\nport = -1', "'dashboard.port'", "1 to 65535"),
        ('[space]\nid = "a"\n[dashbord]\nport = 1', "'dashbord'", "there is no key"),
        *(
            (f'[space]\nid = "a"\n[spaceapi]\n{lines}', f"'spaceapi.{key}'", why)
            for lines, key, why in (
                ("publish = true", "url", "SpaceAPI wants it"),
                ('publish = true\nurl = "https://a.example"', "logo", "SpaceAPI wants it"),
                ('publish = true\nurl = "https://a"\nlogo = "https://b"', "email", "one of phone, mastodon"),
                ('url = "www.a.example"', "url", "no address of the web"),
                ('url = "https://"', "url", "no address of the web"),
                ('url = "https://a b"', "url", "no address of the web"),
                ('url = "https://[::1"', "url", "no address of the web"),
                ('logo = "javascript:alert(1)"', "logo", "no address of the web"),
                ("coordinates = [48.1]", "coordinates", "latitude and longitude"),
                ("coordinates = [48.1, 2.0, 3.0]", "coordinates", "latitude and longitude"),
                ("coordinates = [91.0, 2.0]", "coordinates", "latitude and longitude"),
                ("coordinates = [48.1, -181.0]", "coordinates", "latitude and longitude"),
                ("coordinates = [nan, 2.0]", "coordinates", "latitude and longitude"),
                ('country_code = "France"', "country_code", "two capitals"),
                ('country_code = "fr"', "country_code", "two capitals"),
                ("publik = true", "publik", "there is no key"),
            )
        ),
    ],
)
def test_a_wrong_value_is_refused_naming_the_key_and_the_cure(tmp_path: Path, lines, key, why):
    with pytest.raises(SettingsError) as caught:
        from_toml(tmp_path, lines)
    assert "hub.toml" in str(caught.value)
    assert key in str(caught.value)
    assert why in str(caught.value)


def test_an_environment_variable_is_named_when_it_is_wrong(tmp_path: Path):
    with pytest.raises(
        SettingsError, match=r"environment variable FOYER_HUB_SPACE__CLOSING.*'space.closing'"
    ):
        from_toml(tmp_path, '[space]\nid = "a"', FOYER_HUB_SPACE__CLOSING="late")
    assert from_toml(tmp_path, '[space]\nid = "a"', FOYER_HUB_BROKER__PORT="8883").broker.port == 8883


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.1.2.3"])
def test_the_embedded_broker_may_listen_on_loopback(tmp_path: Path, host):
    text = f'[space]\nid = "a"\n[broker]\nembedded = true\nport = 0\nhost = "{host}"'
    assert from_toml(tmp_path, text).broker.line(1234).port == 1234


def test_the_line_gets_the_password_from_its_file(tmp_path: Path):
    secret = tmp_path / "password"
    secret.write_text("s3cret\r\n")
    text = f'[space]\nid = "a"\n[broker]\nusername = "hub"\npassword_file = "{secret}"\nca_file = "/ca.pem"'
    line = from_toml(tmp_path, text).broker.line()
    assert (line.username, line.password, line.ca_file) == ("hub", "s3cret", Path("/ca.pem"))
    secret.write_bytes(b"\xff")
    with pytest.raises(SettingsError, match="not text in UTF-8"):
        from_toml(tmp_path, text).broker.line()
    secret.unlink()
    with pytest.raises(SettingsError, match="password cannot be read"):
        from_toml(tmp_path, text).broker.line()


@pytest.mark.parametrize(
    "address",
    [
        "feed.ics",
        "ftp://example.org/a.ics",
        "http://example.org/a.ics",
        "file:///etc/passwd",
        "https://",
        "https://exa mple.org/a.ics",
        "https://example.org:99999/a.ics",
        "https://[::1/a.ics",
    ],
)
def test_what_is_no_safe_address_of_a_calendar_is_refused_without_being_repeated(address: str):
    with pytest.raises(WrongValueError) as caught:
        AgendaSettings(address)
    assert caught.value.field == "calendar"
    assert address not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("", ""),
        ("https://calendar.example.org/private/basic.ics?token=1", "calendar.example.org"),
        ("webcal://calendar.example.org/a.ics", "calendar.example.org"),
        ("http://127.0.0.1:8000/a.ics", "127.0.0.1"),
        ("/var/lib/foyer/calendar.ics", "calendar.ics"),
    ],
)
def test_a_calendar_is_called_by_its_server_or_its_file(address: str, name: str):
    assert AgendaSettings(address).name == name


def test_nothing_is_published_unless_it_is_written(tmp_path: Path):
    assert from_toml(tmp_path, '[space]\nid = "a"').publishing == Publishing("a")
    said = (
        '[space]\nid = "a"\n[agenda]\npublish = true\n[spaceapi]\npublish = true\nurl = "https://a.example"\n'
        'logo = "http://a.example/l.svg"\nphone = "+33 2"\ncoordinates = [48, -1.5]\n'
        'mailing_list = "l@a.example"\n'
    )
    publishing = from_toml(tmp_path, said).publishing
    assert (publishing.agenda, publishing.spaceapi.publish) == (True, True)
    assert publishing.spaceapi.coordinates == (48.0, -1.5)
    assert publishing.spaceapi.contacts == {"phone": "+33 2", "mailing_list": "l@a.example"}


def test_webhooks_lead_into_the_house_only_where_the_settings_say_so(tmp_path: Path):
    space = '[space]\nid = "nook"\n[webhooks]\ninward = '
    found = from_toml(tmp_path, f'{space}["192.168.1.20", "fd00::/8"]\n').webhooks.allowed
    assert [str(network) for network in found] == ["192.168.1.20/32", "fd00::/8"]
    with pytest.raises(SettingsError, match="no address and no network"):
        from_toml(tmp_path, f'{space}["the printer"]\n')
