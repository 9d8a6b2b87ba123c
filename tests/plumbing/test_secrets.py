from pathlib import Path

import pytest

from plumbing.errors import SettingsError
from plumbing.secrets import load_or_make


def test_a_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path):
    file = tmp_path / "key"
    secret = load_or_make(file)
    assert len(secret) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert load_or_make(file) == secret
    assert load_or_make(tmp_path / "other") != secret


@pytest.mark.parametrize(
    ("text", "mode", "why"),
    [
        ("00" * 32, 0o644, "others may read this secret; run chmod 600"),
        ("00" * 31, 0o600, "shorter than 32 bytes"),
        ("not hexadecimal", 0o600, "not a secret in hexadecimal"),
        ("", 0o600, "shorter than 32 bytes"),
    ],
)
def test_a_secret_that_is_none_is_refused_without_being_quoted(tmp_path: Path, text, mode, why):
    file = tmp_path / "key"
    file.write_text(text)
    file.chmod(mode)
    with pytest.raises(SettingsError, match=why) as caught:
        load_or_make(file)
    assert not text or text not in str(caught.value)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path):
    file = tmp_path / "key"
    file.write_bytes(b"\xff\xfe")
    file.chmod(0o600)
    with pytest.raises(SettingsError, match="not a secret in hexadecimal"):
        load_or_make(file)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(SettingsError, match="cannot be made"):
        load_or_make(tmp_path / "none" / "key")
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o700)
    with pytest.raises(SettingsError, match="cannot be read"):
        load_or_make(folder)
