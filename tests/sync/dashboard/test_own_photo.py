"""Pictures of members: off until given, seen by whom they chose, gone at once."""

import http.client
import io
from datetime import date

import pytest
from PIL import Image

from community.events import Answer, Answered, CheckedIn, Met
from community.ids import MemberId
from community.introductions.pairing import PairPast, PersonPast
from community.members import Member, Visibility
from sync.photos import LARGEST_BYTES, SIDE
from sync.store import directory, earlier, photos, receipts
from sync.store.receipts import KeptMeeting
from tests.sync.dashboard.house import Browser, House
from tests.sync.dashboard.test_own_receipt import opened

LEA, AMINA = MemberId("lea"), MemberId("amina")
SEEN = Visibility(members=True)
KINDS = {"photo_hosts": "yes", "photo_members": "yes"}


def shot(colour: str = "red") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (300, 200), colour).save(file, "JPEG")
    return file.getvalue()


def put(house: House, member: Member) -> None:
    house.database.write_now(lambda c: directory.put_member(c, member))


@pytest.fixture
def page(house: House) -> Browser:
    for one, name in ((LEA, "Léa"), (AMINA, "Amina")):
        put(house, Member(one, name, languages=("en",), visibility=SEEN))
    return opened(house, LEA)


def send(page: Browser, image: bytes = b"", token: str = "", **fields: str):
    """Send the form as a browser does."""
    said = {"form_token": token or page.form_token("/me"), "do": "keep", **fields}
    parts = [
        f'--x\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in said.items()
    ]
    head = '--x\r\ncontent-disposition: form-data; name="photo"; filename="me.jpg"\r\n'
    head += "content-type: image/jpeg\r\n\r\n"
    file = head.encode() + image + b"\r\n" if image else b""
    body = "".join(parts).encode() + file + b"--x--\r\n"
    return page.ask(
        "POST",
        "/me/photo",
        body,
        content_type="multipart/form-data; boundary=x",
        origin=page.origin,
        sec_fetch_site="same-origin",
    )


def fetched(house: House, browser: Browser, path: str) -> tuple[int, bytes, str]:
    """What a browser gets of a picture: status, bytes, and whether it may keep it."""
    line = http.client.HTTPConnection("127.0.0.1", house.port, timeout=20)
    try:
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        line.request("GET", path, headers={"cookie": cookies, "accept-language": "en"})
        response = line.getresponse()
        return response.status, response.read(), response.headers.get("cache-control", "")
    finally:
        line.close()


def test_there_is_none_until_it_is_given_and_nobody_sees_it_until_they_are_ticked(house, host, page: Browser):
    assert '/me/photo"' not in page.get("/me").text.replace('action="/me/photo', "")
    assert fetched(house, page, "/me/photo")[0] == 404
    assert send(page, shot()).status == 303
    status, image, kept = fetched(house, page, "/me/photo")
    assert (status, kept) == (200, "no-store, private")
    assert Image.open(io.BytesIO(image)).size == (SIDE, SIDE)
    assert fetched(house, host, "/photos/lea")[0] == 404
    assert fetched(house, opened(house, AMINA, 1), "/me/photos/lea")[0] == 404
    assert page.get("/me/everything.json").json["photo"] is True


def test_hosts_see_it_beside_the_name_while_it_is_for_them(house, host, page: Browser):
    house.happen(CheckedIn(LEA))
    assert "/photos/lea" not in host.get("/").text
    send(page, shot(), photo_hosts="yes")
    assert 'src="/photos/lea"' in host.get("/").text
    status, _, kept = fetched(house, host, "/photos/lea")
    assert (status, kept) == (200, "no-store, private")
    assert fetched(house, Browser(house), "/photos/lea")[0] in {303, 401}
    assert fetched(house, page, "/photos/lea")[0] in {303, 401}, "a member is no host"
    put(house, Member(LEA, "Léa", visibility=Visibility(members=True, hosts=False)))
    assert fetched(house, host, "/photos/lea")[0] == 404


def test_members_who_met_them_see_it_while_it_is_for_them(house, host, page: Browser):
    house.happen(Met(LEA, AMINA))
    other = opened(house, AMINA, 1)
    assert "/me/photos/lea" not in other.get("/me/receipt").text
    send(page, shot(), photo_members="yes")
    assert 'src="/me/photos/lea"' in other.get("/me/receipt").text
    assert fetched(house, other, "/me/photos/lea")[0] == 200
    assert fetched(house, host, "/me/photos/lea")[0] == 403, "a host is no member"
    assert fetched(house, host, "/photos/lea")[0] == 404
    put(house, Member(LEA, "Léa", visibility=SEEN, avoid=(AMINA,)))
    assert fetched(house, other, "/me/photos/lea")[0] == 404
    put(house, Member(LEA, "Léa", visibility=Visibility(members=False)))
    assert fetched(house, other, "/me/photos/lea")[0] == 404
    assert "/me/photos/lea" not in other.get("/me/receipt").text


def test_who_never_met_them_or_would_rather_not_sees_no_picture_even_at_its_address(
    house: House, page: Browser
):
    send(page, shot(), photo_members="yes")
    other = opened(house, AMINA, 1)
    assert fetched(house, other, "/me/photos/lea")[0] == 404
    house.happen(Answered(AMINA, LEA, Answer.MET))
    assert fetched(house, other, "/me/photos/lea")[0] == 404, "nobody meets somebody by saying so"
    assert "/me/photos/lea" not in other.get("/me/receipt").text
    house.happen(Answered(LEA, AMINA, Answer.MET))
    assert fetched(house, other, "/me/photos/lea")[0] == 200
    assert "/me/photos/lea" in other.get("/me/receipt").text
    house.happen(Answered(AMINA, LEA, Answer.RATHER_NOT))
    assert fetched(house, other, "/me/photos/lea")[0] == 404
    assert "/me/photos/lea" not in other.get("/me/receipt").text


def test_a_meeting_whose_taps_are_gone_still_counts(house: House, page: Browser):
    send(page, shot(), photo_members="yes")
    kept = KeptMeeting(LEA, AMINA, date(2026, 3, 2), "ourselves", "neither", useful=False)
    house.database.write_now(lambda c: receipts.add_meetings(c, [kept]))
    other = opened(house, AMINA, 1)
    assert fetched(house, other, "/me/photos/lea")[0] == 200
    barred = PersonPast(AMINA, pairs=(PairPast(LEA, met=date(2026, 3, 2), barred=True),))
    house.database.write_now(lambda c: earlier.put(c, [barred]))
    assert fetched(house, other, "/me/photos/lea")[0] == 404


def test_the_audience_is_changed_without_sending_it_again_and_it_is_gone_at_once(house, host, page: Browser):
    send(page, shot(), **KINDS)
    send(page)
    photo = house.database.read_now(lambda c: photos.photo_of(c, LEA))
    assert photo is not None
    assert (photo.hosts, photo.members) == (False, False)
    send(page, **KINDS)
    assert fetched(house, host, "/photos/lea")[0] == 200
    send(page, shot("blue"), do="remove", **KINDS)
    assert house.database.read_now(lambda c: photos.photo_of(c, LEA)) is None
    for browser, path in (
        (page, "/me/photo"),
        (host, "/photos/lea"),
        (opened(house, AMINA, 1), "/me/photos/lea"),
    ):
        assert fetched(house, browser, path)[0] == 404
    assert send(page).status == 303, "an audience for no picture is nothing"
    assert house.database.read_now(lambda c: photos.photo_of(c, LEA)) is None


def test_it_goes_with_its_member_and_no_kiosk_is_told(house: House, page: Browser):
    send(page, shot(), **KINDS)
    told = house.database.read_now(lambda c: c.exec_driver_sql("SELECT body FROM feed").scalars().all())
    assert not any("photo" in (body or "") for body in told)
    house.database.write_now(lambda c: directory.remove_member(c, LEA))
    assert house.database.read_now(lambda c: photos.photo_of(c, LEA)) is None


def test_what_is_no_picture_is_refused_in_words_and_the_old_one_stays(house: House, page: Browser):
    send(page, shot())
    answer = send(page, b"GIF89a, or so it says")
    assert answer.status == 422
    assert "a JPEG, PNG or WebP file will do" in answer.text
    assert house.database.read_now(lambda c: photos.photo_of(c, LEA)) is not None
    answer = send(page, b"\xff" * (LARGEST_BYTES + 70_000))
    assert answer.status == 413
    assert "12 MB" in answer.text


def test_a_form_that_is_not_ours_brings_no_picture(house: House, page: Browser):
    assert send(page, shot(), token="0" * 64).status == 403
    assert send(Browser(house), shot(), token="0" * 64).status == 403
    assert house.database.read_now(lambda c: photos.photo_of(c, LEA)) is None
