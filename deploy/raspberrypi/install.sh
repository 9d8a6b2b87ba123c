#!/bin/bash
# Installs Foyer on a Raspberry Pi (or any Debian 12 or 13).  Run it again to update, or after changing
# the space's id: settings, passwords and data that are there are left as they are.
set -euo pipefail
umask 022

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source=$(cd "$here/../.." && pwd)
role='' dry='' from='' trusted='' pins='' hub='' space=our-space kiosk=front-door
firmware=/boot/firmware # of a Raspberry Pi: what it reads before Linux

say() { # English, French
	case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in
	fr*) printf '%s\n' "$2" ;;
	*) printf '%s\n' "$1" ;;
	esac
}
fail() {
	say "$1" "$2" >&2
	exit 2
}
step() { printf '\n== %s\n' "$(say "$1" "$2")"; }
run() { # Every change goes through here, so that --dry-run shows it and makes none.
	printf '   %s\n' "${*@Q}"
	[[ $dry ]] || "$@"
}
put() { # MODE GROUP FROM TO: a file of ours, unless it is there as it should be
	if cmp -s "$3" "$4" && [[ 0$(stat -c '%a %G' "$4") == "$1 $2" ]]; then return; fi
	wrote=yes
	run install -D -m "$1" -g "$2" "$3" "$4"
}
folder() { # MODE OWNER PATH...: folders, unless they are there as they should be
	local mode=$1 owner=$2 place
	shift 2
	for place in "$@"; do
		[[ $(stat -c '%a %U' "$place" 2>/dev/null) == "${mode#0} $owner" ]] ||
			run install -d -m "$mode" -o "$owner" -g "$owner" "$place"
	done
}
link() { # TO FROM: in one step, so that there is no moment without it
	[[ $(readlink "$2" 2>/dev/null) != "$1" ]] || return 0
	run ln -sfn "$1" "$2.new"
	run mv -T "$2.new" "$2"
}
join_groups() { # USER GROUP...
	local user=$1 group missing=()
	shift
	for group in "$@"; do
		! getent group "$group" >/dev/null || [[ " $(id -nG "$user" 2>/dev/null) " == *" $group "* ]] || missing+=("$group")
	done
	((!${#missing[@]})) || run usermod --append --groups "$(IFS=,; echo "${missing[*]}")" "$user"
}
enable() { # UNIT...: at every start of the machine
	local unit missing=()
	for unit in "$@"; do
		systemctl is-enabled --quiet "$unit" 2>/dev/null || missing+=("$unit")
	done
	((!${#missing[@]})) || run systemctl enable "${missing[@]}"
}
serve() { # UNIT: start it, or start it anew if it would run something old
	if [[ $changed || $wrote ]]; then run systemctl restart "$1"; else run systemctl start "$1"; fi
}
reload() { [[ ! $wrote ]] || run systemctl daemon-reload; }
before_linux() { # FILE NEW: change what a Raspberry Pi reads before Linux; the card's first partition keeps no owners
	if cmp -s "$2" "$1"; then return; fi
	[[ -f $1.before-foyer ]] || run cp "$1" "$1.before-foyer"
	run cp "$2" "$1.new"
	run mv "$1.new" "$1"
	restart=yes
}
let_in() { # The kiosk on the hub's own machine.  The code is used at once and shown nowhere.
	local code
	code=$(runuser -u foyer -- /opt/foyer/current/bin/foyer hub kiosk-code "$kiosk" --settings /etc/foyer/hub.toml | head -n 1)
	/opt/foyer/current/bin/foyer enrol https://localhost:8443 "$code" --settings /etc/foyer/kiosk.toml
}
is_hub() { [[ $role == hub || $role == both ]]; }
is_kiosk() { [[ $role == kiosk || $role == both ]]; }
is_lobby() { [[ $role == lobby ]]; }
has_screen() { [[ $role != hub ]]; }

wrote='' restart=''

usage() { # what is wrong, in English and French
	say "$1" "$2" >&2
	fail "Use: sudo install.sh --role kiosk|hub|both|lobby [--space ID] [--kiosk ID] [--hub ADDRESS] [--from FOLDER] [--pins] [--dry-run]" \
		"Usage : sudo install.sh --role kiosk|hub|both|lobby [--space ID] [--kiosk ID] [--hub ADRESSE] [--from DOSSIER] [--pins] [--dry-run]"
}
is_id() { # OPTION VALUE
	[[ $2 =~ ^[a-z0-9][a-z0-9-]{0,31}$ ]] || usage \
		"$1 '$2': an id has 1 to 32 small letters, digits and '-', and does not begin with '-'." \
		"$1 « $2 » : un id a 1 à 32 petites lettres, chiffres ou « - », et ne commence pas par « - »."
}
while (($#)); do
	case $1 in
	--dry-run) dry=yes ;;
	--pins) pins=yes ;;
	--role | --space | --kiosk | --hub | --from)
		(($# > 1)) || usage "$1: there is nothing after it." "$1 : il n’y a rien après."
		declare "${1#--}=$2"
		shift
		;;
	*) usage "$1: there is no such option." "$1 : cette option n’existe pas." ;;
	esac
	shift
done
[[ $role ]] || usage "--role is missing: what shall this machine be?" "--role manque : que doit être cette machine ?"
[[ $role =~ ^(kiosk|hub|both|lobby)$ ]] || usage "--role '$role': it is kiosk, hub, both or lobby." \
	"--role « $role » : c’est kiosk, hub, both (les deux) ou lobby (un écran de hall)."
is_id --space "$space"
is_id --kiosk "$kiosk"
[[ ! $hub || $hub =~ ^https://[A-Za-z0-9.:_-]+/?$ ]] || usage "--hub '$hub': it is an address such as https://hub.local." \
	"--hub « $hub » : c’est une adresse comme https://hub.local."
[[ $dry || $(id -u) == 0 ]] || fail "Only the administrator may install: put sudo before it." \
	"Seul l’administrateur peut installer : mettez sudo devant."
[[ $dry || ! -e /opt/foyer/update/journal.json ]] || fail "An update is in progress: sudo foyer update --finish" \
	"Une mise à jour est en cours : sudo foyer update --finish"
[[ ! $from || -f $from/kiosk.toml ]] || fail "$from holds no kiosk.toml: it is made by foyer-add-kiosk on the hub's machine." \
	"$from ne contient pas de kiosk.toml : il est créé par foyer-add-kiosk sur la machine du hub."

step "Programs of the system" "Programmes du système"
packages=(python3-venv)
is_hub && packages+=(mosquitto)
# cage does not start without Xwayland, though nothing here uses it.
has_screen && packages+=(cage xwayland foot fonts-dejavu-core libpam-systemd dbus alsa-utils espeak-ng)
# Without a battery the clock is put right by the network, and goes on from when it was last seen; whoever has another keeps it.
[[ -e /usr/sbin/chronyd || -e /usr/sbin/ntpd || -e /usr/lib/systemd/systemd-timesyncd ]] || packages+=(systemd-timesyncd)
missing=()
for package in "${packages[@]}"; do
	dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing+=("$package")
done
if ((${#missing[@]})); then
	run apt-get update
	run env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${missing[@]}"
fi

step "The user foyer, who may do nothing else" "L’utilisateur foyer, qui ne peut rien d’autre"
id foyer >/dev/null 2>&1 ||
	run useradd --system --user-group --home-dir /var/lib/foyer --shell /usr/sbin/nologin foyer
if has_screen; then
	join_groups foyer dialout video input render audio
fi
folder 0755 root /etc/foyer /opt/foyer /opt/foyer/releases
folder 0750 foyer /var/lib/foyer

# Only there: on another machine these are somebody else's to decide.
if [[ -f $firmware/config.txt ]]; then
	step "The Raspberry Pi: its card lasts longer, and it starts anew by itself if it hangs" \
		"Le Raspberry Pi : sa carte dure plus longtemps, et il redémarre seul s’il se fige"
	card=$(mktemp -d)
	trap 'rm -rf "$card"' EXIT
	put 0644 root "$here/card/journald.conf" /etc/systemd/journald.conf.d/50-foyer.conf
	put 0644 root "$here/card/timesyncd.conf" /etc/systemd/timesyncd.conf.d/50-foyer.conf
	put 0644 root "$here/card/system.conf" /etc/systemd/system.conf.d/50-foyer.conf
	[[ ! -d /etc/rpi ]] || put 0644 root "$here/card/swap.conf" /etc/rpi/swap.conf.d/50-foyer.conf
	[[ ! -f /etc/dphys-swapfile ]] || ! systemctl is-enabled --quiet dphys-swapfile.service 2>/dev/null ||
		run systemctl disable --now dphys-swapfile.service
	# Our lines stand between two marks, the rest stays as it is; --pins once holds for every later run.
	! sed -n '/^# foyer: begin/,/^# foyer: end/p' "$firmware/config.txt" | grep -q '^dtoverlay=disable-bt' || pins=yes
	{
		sed '/^# foyer: begin/,/^# foyer: end/d' "$firmware/config.txt"
		echo '# foyer: begin (install.sh writes these lines)'
		echo '[all]'
		echo 'dtparam=watchdog=on'
		[[ ! $pins ]] || printf '%s\n' 'enable_uart=1' '# Bluetooth would have the good serial port.' 'dtoverlay=disable-bt' \
			'# A Raspberry Pi 5 has it switched off.' '[pi5]' 'dtparam=uart0=on' '[all]'
		echo '# foyer: end'
	} >"$card/config.txt"
	before_linux "$firmware/config.txt" "$card/config.txt"
	if [[ $pins && -f $firmware/cmdline.txt ]]; then
		sed -E 's/console=(serial0|ttyAMA[0-9]+|ttyS0)(,[0-9]+)? ?//g' "$firmware/cmdline.txt" >"$card/cmdline.txt"
		before_linux "$firmware/cmdline.txt" "$card/cmdline.txt"
	fi
	[[ ! $wrote ]] || restart=yes
	wrote=''
fi

step "Foyer itself" "Foyer lui-même"
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$source/pyproject.toml" | head -n 1)
wheel=''
for found in "$source"/dist/foyer_kiosk-"$version"-*.whl; do
	[[ ! -f $found ]] || wheel=$found
done
# The same version from other files is another release: an update is never half of each.
parts=(pyproject.toml requirements/foyer.txt)
for package in community plumbing hardware firmware_bridge kiosk sync foyer; do
	[[ ! -d $source/$package ]] || parts+=("$package")
done
mark=$(cd "$source" && find "${parts[@]}" ${wheel:+"$wheel"} -type f ! -name '*.pyc' -print0 |
	LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | head -c 8)
release=/opt/foyer/releases/$version-$mark
if [[ ! -f $release/complete ]]; then
	run rm -rf "$release"
	run /usr/bin/python3 -m venv "$release"
	run "$release/bin/pip" install --quiet --require-hashes -r "$source/requirements/foyer.txt"
	run "$release/bin/pip" install --quiet --no-deps "${wheel:-$source}"
	run "$release/bin/foyer" --version
	run sync # all of it on the disk before the mark is: a power cut leaves a release whole or unmarked
	run touch "$release/complete"
fi
changed=yes
# Also after an update that was cut off: what runs may still be the older release.
[[ $(readlink /opt/foyer/current 2>/dev/null) == "$release" && -f $release/served ]] && changed=''
link "$release" /opt/foyer/current
link /opt/foyer/current/bin/foyer /usr/local/bin/foyer
# Finishes or undoes an update that was cut off (foyer update).  A key that is there is never replaced from here.
[[ -f /etc/foyer/release.pub || ! -f $source/release.pub ]] || put 0644 root "$source/release.pub" /etc/foyer/release.pub
wrote=''
put 0644 root "$here/foyer-update.service" /etc/systemd/system/foyer-update.service
put 0644 root "$here/foyer-update.path" /etc/systemd/system/foyer-update.path
reload
enable foyer-update.path
run systemctl start foyer-update.path
# Two older releases stay, to go back to by the link; a card is small.
while read -r old; do
	[[ $old == "$release" ]] || run rm -rf "$old"
done < <(find /opt/foyer/releases -mindepth 1 -maxdepth 1 -printf '%T@ %p\n' 2>/dev/null | sort -n | head -n -3 | cut -d ' ' -f 2-)

if is_hub; then
	step "The broker and the hub" "Le broker et le hub"
	work=$(mktemp -d)
	trap 'rm -rf "$work" "${card:-}"' EXIT
	wrote=''
	if [[ ! -f /etc/foyer/hub.toml ]]; then
		trusted=yes # kiosks come in by codes over encrypted lines; who has it otherwise keeps it so
		sed -e "s|^id = \"our-space\"|id = \"$space\"|" \
			-e 's|^#username = .*|username = "foyer_hub"|' \
			-e 's|^#password_file = .*|password_file = "/etc/foyer/hub.password"|' \
			-e 's|^#broker_folder = .*|broker_folder = "/var/lib/foyer/broker"|' \
			-e 's|^#strangers = .*|strangers = false|' \
			"$source/sync/hub.example.toml" >"$work/hub.toml"
		put 0640 foyer "$work/hub.toml" /etc/foyer/hub.toml
	else
		[[ -L /etc/mosquitto/conf.d/foyer.conf ]] && trusted=yes
		space=$(/usr/bin/python3 -c 'import tomllib; print(tomllib.load(open("/etc/foyer/hub.toml", "rb"))["space"]["id"])')
	fi
	if [[ ! -f /etc/foyer/hub.password || ! -f /etc/mosquitto/foyer.passwd ]]; then
		[[ $dry ]] || (
			umask 077
			head -c 24 /dev/urandom | base64 >"$work/password"
			printf 'foyer_hub:%s\n' "$(<"$work/password")" >"$work/passwd"
		)
		run mosquitto_passwd -U "$work/passwd"
		put 0640 foyer "$work/password" /etc/foyer/hub.password
		put 0640 mosquitto "$work/passwd" /etc/mosquitto/foyer.passwd
	fi
	sed "s|@SPACE@|$space|" "$here/mosquitto/acl" >"$work/acl"
	put 0640 mosquitto "$work/acl" /etc/mosquitto/foyer.acl
	# A link there leads to what the hub writes (docs/operate.md, "Let kiosks in by a code").
	[[ $trusted || -L /etc/mosquitto/conf.d/foyer.conf ]] ||
		put 0644 root "$here/mosquitto/foyer.conf" /etc/mosquitto/conf.d/foyer.conf
	put 0755 root "$here/add-kiosk.sh" /usr/local/sbin/foyer-add-kiosk
	put 0644 root "$here/mosquitto.service" /etc/systemd/system/mosquitto.service
	put 0644 root "$here/foyer-hub.service" /etc/systemd/system/foyer-hub.service
	put 0644 root "$here/foyer-broker.path" /etc/systemd/system/foyer-broker.path
	put 0644 root "$here/foyer-broker.service" /etc/systemd/system/foyer-broker.service
	# The same code that would make it later, as the user whose it is.
	[[ -f /var/lib/foyer/badge.key ]] || run runuser -u foyer -- /opt/foyer/current/bin/python -c \
		'from pathlib import Path; from plumbing.secrets import load_or_make; load_or_make(Path("/var/lib/foyer/badge.key"))'
	if [[ $trusted && ! -L /etc/mosquitto/conf.d/foyer.conf ]]; then
		wrote=yes
		join_groups mosquitto foyer
		run runuser -u foyer -- /opt/foyer/current/bin/foyer hub broker-config --settings /etc/foyer/hub.toml
		run ln -sfn /var/lib/foyer/broker/foyer.conf /etc/mosquitto/conf.d/foyer.conf
	fi
	reload
	enable mosquitto.service foyer-hub.service foyer-broker.path
	[[ ! $wrote ]] || run systemctl restart mosquitto.service
	run systemctl start mosquitto.service foyer-broker.path
	serve foyer-hub.service
fi

if is_kiosk; then
	step "The badge reader and the screen" "Le lecteur de badges et l’écran"
	wrote=''
	[[ -f /etc/udev/rules.d/99-foyer.rules ]] || put 0644 root "$here/99-foyer.rules" /etc/udev/rules.d/99-foyer.rules
	put 0644 root "$here/modprobe-foyer.conf" /etc/modprobe.d/foyer.conf
	put 0644 root "$here/49-foyer.rules" /etc/polkit-1/rules.d/49-foyer.rules
	put 0644 root "$here/pam-foyer" /etc/pam.d/foyer
	[[ -f /etc/foyer/foot.ini ]] || put 0644 root "$here/foot.ini" /etc/foyer/foot.ini
	put 0644 root "$here/foyer-kiosk.service" /etc/systemd/system/foyer-kiosk.service
	on_pins=()
	port=/dev/serial0
	! grep -qs 'Raspberry Pi 5' /proc/device-tree/model || port=/dev/ttyAMA0 # there serial0 is the port for debugging
	[[ ! $pins ]] || on_pins=(-e "s|^#device = \"pn532:.*|device = \"pn532:$port\"|")
	if [[ $role == both && $trusted && ! -f /etc/foyer/kiosk.toml ]]; then
		sed -e "s|^id = \"front-door\"|id = \"$kiosk\"|" -e "s|^id = \"our-space\"|id = \"$space\"|" \
			"${on_pins[@]}" "$source/kiosk/kiosk.example.toml" >"$work/kiosk.toml"
		put 0640 foyer "$work/kiosk.toml" /etc/foyer/kiosk.toml
		run let_in
		changed=yes
	elif [[ $role == both && ! -f /etc/foyer/kiosk.toml ]]; then
		from=/root/foyer-$kiosk
		run /usr/local/sbin/foyer-add-kiosk "$kiosk" "$from" 127.0.0.1
	fi
	if [[ $from ]]; then
		changed=yes # another name, password or key: the running kiosk has the old ones
		put 0640 foyer "$from/kiosk.toml" /etc/foyer/kiosk.toml
		put 0640 foyer "$from/broker.password" /etc/foyer/broker.password
		[[ $role == both ]] || run install -m 0600 -o foyer -g foyer "$from/badge.key" /var/lib/foyer/badge.key
		[[ $role == kiosk ]] || run rm -rf "$from"
	elif [[ ! -f /etc/foyer/kiosk.toml ]]; then
		# With the hub's address it asks for the code on its own screen, and says where it is itself.
		made=$(mktemp)
		sed -e "s|^id = \"front-door\"|id = \"$kiosk\"|" -e "s|^id = \"our-space\"|id = \"$space\"|" \
			${hub:+-e "s|^#hub = .*|hub = \"${hub%/}\"|"} "${on_pins[@]}" "$source/kiosk/kiosk.example.toml" >"$made"
		put 0640 foyer "$made" /etc/foyer/kiosk.toml
		rm -f "$made"
	fi
	# Only for who has such a reader: pyscard is built here, and that takes a compiler.
	if grep -Eq '^device *= *"pcsc:' /etc/foyer/kiosk.toml 2>/dev/null &&
		! "$release/bin/python" -c 'import smartcard' 2>/dev/null; then
		run env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
			pcscd libccid swig gcc libc6-dev python3-dev libpcsclite-dev
		run "$release/bin/pip" install --quiet --require-hashes -r "$source/requirements/pcsc.txt"
		changed=yes
	fi
	# Where no udev runs, as while an image is made, it reads them at the first start.
	if [[ $wrote && ($dry || -S /run/udev/control) ]]; then
		run udevadm control --reload
		run udevadm trigger --subsystem-match=tty --subsystem-match=usb
	fi
	reload
	[[ $(systemctl get-default) == graphical.target ]] || run systemctl set-default graphical.target
	enable foyer-kiosk.service
	serve foyer-kiosk.service
fi

if is_lobby; then
	step "The lobby screen" "L’écran de hall"
	wrote=''
	put 0644 root "$here/pam-foyer" /etc/pam.d/foyer
	[[ -f /etc/foyer/foot.ini ]] || put 0644 root "$here/foot.ini" /etc/foyer/foot.ini
	put 0644 root "$here/foyer-lobby.service" /etc/systemd/system/foyer-lobby.service
	[[ -f /etc/foyer/lobby.toml ]] || put 0640 foyer "$source/kiosk/lobby.example.toml" /etc/foyer/lobby.toml
	folder 0750 foyer /var/lib/foyer/lobby
	reload
	[[ $(systemctl get-default) == graphical.target ]] || run systemctl set-default graphical.target
	enable foyer-lobby.service
	serve foyer-lobby.service
fi

[[ -f $release/served ]] || run touch "$release/served"

[[ ! $restart ]] || say "
   Some of this holds from the next start of the machine on: sudo reboot" "
   Une partie vaut à partir du prochain démarrage de la machine : sudo reboot"
step "Done. What comes next:" "C’est fait. La suite :"
if is_hub; then
	say "1. Read the first host's code: sudo journalctl -u foyer-hub | grep code; then open the dashboard: http://127.0.0.1:8080" \
		"1. Lisez le code du premier hôte : sudo journalctl -u foyer-hub | grep code ; puis ouvrez le tableau de bord : http://127.0.0.1:8080"
elif is_lobby; then
	say "1. If it is not let in yet: have a code made on the dashboard (Kiosks, under the name lobby-screen), then: sudo foyer enrol https://NAME-OF-THE-HUB.local CODE --settings /etc/foyer/lobby.toml" \
		"1. S’il n’est pas encore admis : faites créer un code sur le tableau de bord (Bornes, au nom de lobby-screen), puis : sudo foyer enrol https://NOM-DU-HUB.local CODE --settings /etc/foyer/lobby.toml"
else
	say "1. If it is not let in yet: have a code made on the dashboard (Kiosks), then: sudo foyer enrol https://NAME-OF-THE-HUB.local CODE" \
		"1. Si elle n’est pas encore admise : faites créer un code sur le tableau de bord (Bornes), puis : sudo foyer enrol https://NOM-DU-HUB.local CODE"
fi
say "2. See that all is well: sudo foyer doctor" "2. Voyez si tout va bien : sudo foyer doctor"
say "3. Go on with docs/operate.md: members, badges, every day." "3. Continuez avec docs/operate.md : membres, badges, tous les jours."
