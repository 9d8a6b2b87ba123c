"""install.sh and foyer-add-kiosk: sound scripts, a dry run that changes nothing, settings that hold."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from foyer.updating import journal
from foyer.updating.layout import Layout
from kiosk.settings import PREFIX as KIOSK_PREFIX
from kiosk.settings import KioskSettings
from plumbing.settings import load
from sync.settings import PREFIX as HUB_PREFIX
from sync.settings import HubSettings

ROOT = Path(__file__).parents[2]


def install(deploy, *arguments, lang="C.UTF-8", **more):
    environment = {"PATH": os.environ["PATH"], "LANG": lang} | more
    return subprocess.run(
        [str(deploy / "install.sh"), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def sed_commands(script: Path, example: str) -> list[str]:
    """Return the sed call that makes settings from an example, as arguments, with names filled in."""
    text = script.read_text().replace("\\\n", " ")
    call = next(line for line in text.splitlines() if line.lstrip().startswith("sed -e") and example in line)
    parts = re.findall(r"""-e (?:"((?:[^"\\]|\\.)*)"|'([^']*)')""", call)
    names = {"$space": "le-nook", "$kiosk": "side-door", "$host": "hub.local", '\\"': '"'}
    commands = []
    for double, single in parts:
        command = double or single
        if double:
            for name, value in names.items():
                command = command.replace(name, value)
        commands += ["-e", command]
    return commands


@pytest.mark.parametrize("script", ["install.sh", "add-kiosk.sh", "../trial/base.sh", "../trial/boot.sh"])
def test_the_scripts_are_sound(deploy, script, find_tool):
    checked = subprocess.run(
        [find_tool("shellcheck", "shellcheck"), str(deploy / script)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
    assert "\nset -euo pipefail\n" in (deploy / script).read_text()
    assert os.access(deploy / script, os.X_OK)


def test_a_dry_run_prints_every_step_and_changes_nothing(deploy, tmp_path):
    watched = [Path("/etc"), Path("/opt"), Path("/var/lib"), Path("/usr/local/bin"), Path("/root")]
    before = {place: place.stat().st_mtime_ns for place in watched if place.exists()}
    done = install(deploy, "--role", "both", "--dry-run", TMPDIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert {place: place.stat().st_mtime_ns for place in before} == before
    assert list(tmp_path.iterdir()) == []
    for step in (
        "'useradd' '--system'",
        "'--append' '--groups' 'dialout",
        "'-m' 'venv' '/opt/foyer/releases/",
        "'--require-hashes'",
        "'--no-deps'",
        "'/opt/foyer/current.new' '/opt/foyer/current'",
        "/etc/foyer/hub.toml'",
        "'ln' '-sfn' '/var/lib/foyer/broker/foyer.conf' '/etc/mosquitto/conf.d/foyer.conf'",
        "'foyer' '--' '/opt/foyer/current/bin/foyer' 'hub' 'broker-config'",
        "'/etc/mosquitto/foyer.acl'",
        "'/etc/systemd/system/foyer-hub.service'",
        "   'let_in'",
        "/etc/foyer/kiosk.toml'",
        "'/etc/udev/rules.d/99-foyer.rules'",
        "'/etc/modprobe.d/foyer.conf'",
        "'/etc/polkit-1/rules.d/49-foyer.rules'",
        "'/etc/pam.d/foyer'",
        "'/etc/foyer/foot.ini'",
        "'foyer-hub.service' 'foyer-broker.path'",
        "'systemctl' 'enable' 'foyer-kiosk.service'",
    ):
        assert step in done.stdout, step
    assert [line[:2] for line in done.stdout.splitlines()[-3:]] == ["1.", "2.", "3."]


@pytest.mark.skipif(os.geteuid() != 0, reason="no root: /etc cannot be another one for a moment")
@pytest.mark.parametrize(
    ("linked", "shown", "absent"),
    [
        (False, "'/etc/mosquitto/conf.d/foyer.conf'", "'ln' '-sfn' '/var/lib/foyer/broker"),
        (True, "'/usr/local/sbin/foyer-add-kiosk'", "'/etc/mosquitto/conf.d/foyer.conf'"),
    ],
)
def test_who_has_it_installed_keeps_the_line_they_have(deploy, tmp_path, linked, shown, absent):
    etc = tmp_path / "etc"
    subprocess.run(["cp", "-a", "/etc", str(etc)], check=True)
    for folder in ("foyer", "mosquitto/conf.d"):
        (etc / folder).mkdir(parents=True, exist_ok=True)
    (etc / "foyer/hub.toml").write_text('[space]\nid = "le-nook"\n')
    (etc / "foyer/kiosk.toml").write_text('id = "front-door"\n')
    if linked:
        (etc / "mosquitto/conf.d/foyer.conf").symlink_to("/var/lib/foyer/broker/foyer.conf")
    command = 'mount --bind "$1" /etc && exec "$2" --role both --dry-run'
    done = subprocess.run(
        ["unshare", "--mount", "bash", "-c", command, "bash", str(etc), str(deploy / "install.sh")],
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert shown in done.stdout
    assert absent not in done.stdout
    assert "'let_in'" not in done.stdout
    assert "'/etc/foyer/hub.toml'" not in done.stdout


@pytest.mark.parametrize(
    ("role", "absent"),
    [
        ("hub", "foyer-kiosk.service"),
        ("kiosk", "mosquitto"),
        ("lobby", "foyer-kiosk.service"),
        ("lobby", "mosquitto"),
    ],
)
def test_a_role_installs_its_own_part_only(deploy, role, absent):
    done = install(deploy, "--role", role, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert absent not in done.stdout


def test_it_speaks_french_where_the_machine_does(deploy):
    done = install(deploy, "--role", "hub", "--dry-run", lang="fr_FR.UTF-8")
    assert done.stdout.splitlines()[-2] == "2. Voyez si tout va bien : sudo foyer doctor"


@pytest.mark.parametrize(
    ("arguments", "wrong", "in_french"),
    [
        (["--dry-run"], "--role is missing", "--role manque"),
        (
            ["--dry-run", "--role", "cook"],
            "--role 'cook': it is kiosk, hub, both or lobby",
            "--role « cook »",
        ),
        (["--dry-run", "--role"], "--role: there is nothing after it", "--role : il n’y a rien après"),
        (["--space", "Le Nook", "--role", "hub"], "--space 'Le Nook': an id has", "--space « Le Nook »"),
        (["--role", "hub", "--kiosk", "a/b"], "--kiosk 'a/b': an id has", "--kiosk « a/b »"),
        (["--role", "kiosk", "--hub", "hub.local"], "--hub 'hub.local': it is", "--hub « hub.local »"),
        (["--nonsense"], "--nonsense: there is no such option", "--nonsense : cette option n’existe pas"),
    ],
)
def test_what_it_does_not_understand_is_named_and_followed_by_its_use(deploy, arguments, wrong, in_french):
    for lang, told in (("C.UTF-8", wrong), ("fr_FR.UTF-8", in_french)):
        done = install(deploy, *arguments, lang=lang)
        assert done.returncode == 2
        first, use = done.stderr.splitlines()
        assert first.startswith(told)
        assert "--role kiosk|hub|both" in use
        assert done.stdout == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="no root: /boot cannot be another one for a moment")
@pytest.mark.parametrize("pins", [False, True])
def test_on_a_raspberry_pi_it_says_what_it_would_change_before_linux(deploy, tmp_path, pins):
    boot = tmp_path / "boot"
    (boot / "firmware").mkdir(parents=True)
    config, cmdline = boot / "firmware/config.txt", boot / "firmware/cmdline.txt"
    config.write_text("[all]\ndtparam=audio=on\n")
    cmdline.write_text("console=serial0,115200 console=tty1 rootwait\n")
    command = 'mount --bind "$1" /boot && shift && exec "$@"'
    asked = [str(deploy / "install.sh"), "--role", "kiosk", *(["--pins"] if pins else []), "--dry-run"]
    done = subprocess.run(
        ["unshare", "--mount", "bash", "-c", command, "bash", str(boot), *asked],
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    for step in (
        "config.txt.before-foyer'",
        "journald.conf.d/50-foyer.conf'",
        "system.conf.d/50-foyer.conf'",
    ):
        assert step in done.stdout
    assert ("cmdline.txt.before-foyer'" in done.stdout) is pins
    assert "sudo reboot" in done.stdout
    assert config.read_text() == "[all]\ndtparam=audio=on\n", "a dry run changes nothing"


def test_a_folder_that_is_no_hand_over_is_refused(deploy, tmp_path):
    done = install(deploy, "--role", "kiosk", "--from", str(tmp_path), "--dry-run")
    assert done.returncode == 2
    assert "foyer-add-kiosk" in done.stderr


def test_whoever_is_not_the_administrator_is_told_so(deploy, tmp_path):
    stand_in = tmp_path / "id"
    stand_in.write_text("#!/bin/sh\necho 1000\n")
    stand_in.chmod(0o755)
    done = install(deploy, "--role", "hub", PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert done.returncode == 2
    assert done.stderr == "Only the administrator may install: put sudo before it.\n"
    add = subprocess.run(
        [str(deploy / "add-kiosk.sh"), "front-door"],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert add.returncode == 2
    assert "sudo" in add.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="no root: /opt cannot be another one for a moment")
@pytest.mark.parametrize(
    ("lang", "told"),
    [("C.UTF-8", "An update is in progress: "), ("fr_FR.UTF-8", "Une mise à jour est en cours : ")],
)
def test_it_stays_away_while_an_update_is_under_way(deploy, tmp_path, lang, told):
    state = tmp_path / "opt" / Layout(Path("/")).state.relative_to("/opt")
    state.mkdir(parents=True)
    (state / journal.FILE).write_text("{}")
    (tmp_path / "none").mkdir()
    # Should it not stay away, it stops at a folder without a hand-over, before it has changed anything.
    command = 'mount --bind "$1" /opt && exec "$2" --role kiosk --from "$3"'
    arguments = [str(tmp_path / "opt"), str(deploy / "install.sh"), str(tmp_path / "none")]
    done = subprocess.run(
        ["unshare", "--mount", "bash", "-c", command, "bash", *arguments],
        env={"PATH": os.environ["PATH"], "LANG": lang},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stderr == f"{told}sudo foyer update --finish\n"


def test_a_release_is_on_the_disk_before_it_is_marked_as_whole(deploy):
    done = install(deploy, "--role", "hub", "--dry-run")
    steps = [line.split() for line in done.stdout.splitlines()]
    marked = next(n for n, step in enumerate(steps) if step[:1] == ["'touch'"] and "/complete'" in step[1])
    assert steps[marked - 1] == ["'sync'"]


def test_settings_are_made_from_the_examples_and_nothing_is_copied(deploy):
    assert list(deploy.rglob("*.toml")) == []
    script = (deploy / "install.sh").read_text()
    assert '"$source/sync/hub.example.toml"' in script
    assert '"$source/kiosk/kiosk.example.toml"' in script
    assert "kiosk.example.toml" in (deploy / "add-kiosk.sh").read_text()


def test_the_hub_s_settings_hold_as_they_are_installed(deploy, tmp_path):
    made = tmp_path / "hub.toml"
    commands = sed_commands(deploy / "install.sh", "hub.example.toml")
    made.write_bytes(subprocess.check_output(["sed", *commands, str(ROOT / "sync/hub.example.toml")]))
    settings = load(HubSettings, file=made, environment={}, prefix=HUB_PREFIX)
    assert settings.space.id == "le-nook"
    assert settings.broker.username == "foyer_hub"
    assert settings.broker.password_file == "/etc/foyer/hub.password"
    assert settings.database == "sqlite:////var/lib/foyer/hub.db"
    assert settings.kiosks.broker_folder == "/var/lib/foyer/broker"
    assert not settings.kiosks.strangers


def test_a_kiosk_s_settings_hold_as_they_are_handed_over(deploy, tmp_path):
    made = tmp_path / "kiosk.toml"
    commands = sed_commands(deploy / "add-kiosk.sh", "$example")
    made.write_bytes(subprocess.check_output(["sed", *commands, str(ROOT / "kiosk/kiosk.example.toml")]))
    settings = load(KioskSettings, file=made, environment={}, prefix=KIOSK_PREFIX)
    assert settings.id == "side-door"
    assert settings.space.id == "le-nook"
    assert settings.broker.username == "side-door"
    assert settings.broker.host == "hub.local"
    assert settings.broker.password_file == "/etc/foyer/broker.password"
    assert settings.reader.path == "/dev/foyer-reader"
