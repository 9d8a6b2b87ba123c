"""Files of others are what they say they are."""

import hashlib
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


def test_our_style_sheets_stay_small():
    assert {sheet.name for sheet in STATIC.glob("*.css") if sheet.stat().st_size > 8_192} == set()


def test_nothing_is_fetched_from_another_site():
    ours = [*STATIC.glob("*.*"), *(STATIC.parent / "templates").glob("*.html")]
    for path in ours:
        text = path.read_text().replace("http://www.w3.org/2000/svg", "")
        assert "://" not in text, path.name
        assert "style=" not in text, path.name
