#!/bin/bash
# foyer-add-kiosk: lets one more kiosk in, on the hub's machine.
#
# Makes a password for it and a folder to carry to the kiosk's machine: its settings, its password
# and the space's badge key.  Run again for the same kiosk, the old password stops working.
set -euo pipefail
umask 077

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

kiosk=${1:-}
folder=${2:-/root/foyer-$kiosk}
host=${3:-$(hostname).local}
[[ $kiosk =~ ^[a-z0-9][a-z0-9-]{0,31}$ ]] || fail \
	"Use: sudo foyer-add-kiosk NAME [FOLDER [BROKER-ADDRESS]], with a name of a-z, 0-9 and '-', such as front-door." \
	"Usage : sudo foyer-add-kiosk NOM [DOSSIER [ADRESSE-DU-BROKER]], avec un nom de a-z, 0-9 et « - », comme front-door."
[[ $(id -u) == 0 ]] || fail "Only the administrator may do this: put sudo before it." \
	"Seul l’administrateur peut faire cela : mettez sudo devant."
[[ -f /etc/mosquitto/foyer.passwd && -f /etc/foyer/hub.toml ]] || fail \
	"There is no hub on this machine: run this on the hub's." \
	"Il n’y a pas de hub sur cette machine : lancez ceci sur celle du hub."
[[ ! -L /etc/mosquitto/conf.d/foyer.conf ]] || fail \
	"Here kiosks are let in by a code: make one on the dashboard (Kiosks), or with: sudo -u foyer foyer hub kiosk-code $kiosk" \
	"Ici les bornes sont admises par un code : créez-en un sur le tableau de bord (Bornes), ou par : sudo -u foyer foyer hub kiosk-code $kiosk"

python=/opt/foyer/current/bin/python
space=$("$python" -c 'import tomllib; print(tomllib.load(open("/etc/foyer/hub.toml", "rb"))["space"]["id"])')
example=$("$python" -c 'import kiosk; print(kiosk.__path__[0])')/kiosk.example.toml

install -d -m 0700 "$folder"
head -c 24 /dev/urandom | base64 >"$folder/broker.password"
install -m 0600 /var/lib/foyer/badge.key "$folder/badge.key"
sed -e "s|^id = \"front-door\"|id = \"$kiosk\"|" \
	-e "s|^id = \"our-space\"|id = \"$space\"|" \
	-e "s|^#host = .*|host = \"$host\"|" \
	-e "s|^#username = .*|username = \"$kiosk\"|" \
	-e 's|^#password_file = .*|password_file = "/etc/foyer/broker.password"|' \
	"$example" >"$folder/kiosk.toml"

# By a file, not as an argument: arguments can be seen by everybody on the machine.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '%s:%s\n' "$kiosk" "$(<"$folder/broker.password")" >"$work/one"
mosquitto_passwd -U "$work/one"
{ grep -v "^$kiosk:" /etc/mosquitto/foyer.passwd || true; cat "$work/one"; } >"$work/all"
install -m 0640 -g mosquitto "$work/all" /etc/mosquitto/foyer.passwd
systemctl reload-or-restart mosquitto.service

say "The kiosk $kiosk may come in. Carry the folder $folder to its machine, run there:
  sudo deploy/raspberrypi/install.sh --role kiosk --from FOLDER
and then delete the folder in both places: it holds secrets." \
	"La borne $kiosk peut entrer. Portez le dossier $folder sur sa machine, lancez-y :
  sudo deploy/raspberrypi/install.sh --role kiosk --from DOSSIER
puis effacez le dossier aux deux endroits : il contient des secrets."
