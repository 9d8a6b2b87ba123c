"""The card that installs Foyer by itself: cloud-init and the installer understand what it says."""

import re
import shlex
import subprocess
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


def data(deploy: Path) -> dict[str, object]:
    text = (deploy / "user-data.yaml").read_text()
    assert text.startswith("#cloud-config\n"), "cloud-init looks at nothing else"
    return yaml.safe_load(text)


def test_it_holds_only_what_cloud_init_knows(deploy):
    found = data(deploy)
    assert set(found) == {"package_update", "packages", "runcmd", "power_state"}
    assert all(isinstance(word, str) for command in found["runcmd"] for word in command)


def test_its_last_command_is_the_installer_as_it_is(deploy):
    *_, command = data(deploy)["runcmd"]
    place = Path(command[0]).relative_to("/opt/foyer/source")
    assert (ROOT / place).samefile(deploy / "install.sh")
    done = subprocess.run(
        [str(deploy / "install.sh"), *command[1:], "--dry-run"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_way_it_names_is_one_the_installer_goes(deploy):
    text = (deploy / "user-data.yaml").read_text()
    ways = re.findall(r"^# {7}(--role .*?)(?: {4,}.*)?$", text, re.MULTILINE)
    assert [shlex.split(way)[1] for way in ways] == ["both", "hub", "kiosk", "lobby"]
    for way in ways:
        done = subprocess.run(
            [str(deploy / "install.sh"), *shlex.split(way), "--pins", "--dry-run"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def test_the_file_it_unpacks_is_made_by_the_command_it_names(deploy, tmp_path):
    text = (deploy / "user-data.yaml").read_text()
    (made,) = re.findall(r"tar -czf foyer\.tar\.gz --exclude \.venv foyer", text)
    (tmp_path / "foyer/.venv").mkdir(parents=True)
    (tmp_path / "foyer/pyproject.toml").touch()
    subprocess.run(shlex.split(made), cwd=tmp_path, check=True)
    _, unpack, _ = data(deploy)["runcmd"]
    there = tmp_path / "there"
    there.mkdir()
    places = {"/boot/firmware/foyer.tar.gz": str(tmp_path / "foyer.tar.gz"), "/opt/foyer/source": str(there)}
    subprocess.run([places.get(word, word) for word in unpack], check=True)
    assert [path.name for path in there.iterdir()] == ["pyproject.toml"]
