"""Files of others are what they say they are."""

import hashlib
import re
import tomllib

from sync.dashboard.rendering import STATIC

VENDOR = STATIC / "vendor"


def test_every_file_of_others_is_listed_with_its_hash():
    listed = tomllib.loads((VENDOR / "VENDOR.toml").read_text())["file"]
    hashes = {file["name"]: file["sha256"] for file in listed}
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.iterdir()
        if path.suffix != ".toml"
    }
    assert found == hashes
    assert all(file["licence"] and file["version"] and file["package"] for file in listed)


def test_a_file_made_of_several_holds_each_as_it_came_and_their_licence():
    for file in tomllib.loads((VENDOR / "VENDOR.toml").read_text())["file"]:
        if not file.get("part"):
            continue
        head, *pieces = re.split(r"^(?=// https://)", (VENDOR / file["name"]).read_text(), flags=re.MULTILINE)
        hashes = [hashlib.sha256(piece.encode()).hexdigest() for piece in pieces]
        assert hashes == [part["sha256"] for part in file["part"]]
        assert all(part["package"] in piece for part, piece in zip(file["part"], pieces, strict=True))
        assert "Permission to use, copy, modify" in head


def test_our_style_sheets_stay_small():
    assert {sheet.name for sheet in STATIC.glob("*.css") if sheet.stat().st_size > 8_192} == set()


SENTENCE = re.compile(r"\{% trans\b.*?\{% endtrans %\}", re.DOTALL)


def test_nothing_is_fetched_from_another_site():
    ours = [*STATIC.glob("*.*"), *(STATIC.parent / "templates").glob("*.html")]
    for path in ours:
        text = path.read_text().replace("http://www.w3.org/2000/svg", "")
        text = SENTENCE.sub("", text)  # somebody reads how an address begins
        assert not re.search(r"://\w", text), path.name
        assert "style=" not in text, path.name
