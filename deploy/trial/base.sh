#!/bin/bash
# Makes the machine on which `make test-install` tries the installer: a bare Debian, with every package and wheel that the
# installer asks for lying beside it, so that each trial runs without a network.  Prints the path of the tarball.
#
#   base.sh [SUITE]      trixie (Debian 13) unless you say bookworm
#
# Needs root, debootstrap, and, the first time, a network.  Kept in $FOYER_TRIALS, else ~/.cache/foyer-trials, until what it is
# made from changes.
set -euo pipefail
umask 022

suite=${1:-trixie}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source=$(cd "$here/../.." && pwd)
kept=${FOYER_TRIALS:-$HOME/.cache/foyer-trials}
mirror=${FOYER_TRIAL_MIRROR:-http://deb.debian.org/debian}
# What the trial itself uses: to photograph, to size the screen, to count what is written.
own=(grim wlr-randr procps apt-utils)

key=$({
	cat "${BASH_SOURCE[0]}" "$source/requirements/foyer.txt"
	grep 'packages' "$source/deploy/raspberrypi/install.sh"
} | sha256sum | head -c 12)
base=$kept/$suite-$key.tar
if [[ -f $base ]]; then
	printf '%s\n' "$base"
	exit
fi
[[ $(id -u) == 0 ]] || { echo "base.sh: needs root" >&2; exit 2; }
command -v debootstrap >/dev/null || { echo "base.sh: debootstrap is missing: apt-get install debootstrap" >&2; exit 2; }

mkdir -p "$kept"
bare=$kept/$suite-bare.tar
work=$(mktemp -d "$kept/making.XXXXXX")
# The mounts below are this script's own, in a namespace of their own, and end with it.
if [[ -z ${FOYER_TRIAL_APART:-} ]]; then
	rmdir "$work"
	FOYER_TRIAL_APART=1 exec unshare --mount --propagation private "${BASH_SOURCE[0]}" "$suite"
fi
trap 'rm -rf --one-file-system "$work"' EXIT

{
	root=$work/root
	if [[ ! -f $bare ]]; then
		debootstrap --include=dbus,libpam-systemd,ca-certificates,sudo "$suite" "$root" "$mirror"
		tar -C "$root" --numeric-owner -cf "$bare.new" .
		mv "$bare.new" "$bare"
	else
		mkdir "$root"
		tar -C "$root" --numeric-owner -xf "$bare"
	fi

	# In a copy, which is thrown away: all that the installer would fetch.
	cp -a "$root" "$work/copy"
	copy=$work/copy
	mount -t proc proc "$copy/proc"
	mount --rbind /dev "$copy/dev"
	mkdir "$copy/foyer" "$copy/wheels"
	mount --bind "$source" "$copy/foyer"
	cp /etc/resolv.conf "$copy/etc/resolv.conf"
	# However this machine reaches its package index, the copy does too.
	[[ ! -f /etc/pip.conf ]] || cp /etc/pip.conf "$copy/etc/pip.conf"
	cp -r /etc/ssl/certs/. "$copy/etc/ssl/certs/"
	in_copy() { chroot "$copy" /usr/bin/env -u TMPDIR PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
	in_copy apt-get update
	wanted=()
	for role in both lobby; do
		while read -r package; do wanted+=("$package"); done < <(
			in_copy /foyer/deploy/raspberrypi/install.sh --role "$role" --dry-run |
				sed -n "s/.*'--no-install-recommends' //p" | tr -d "'" | tr ' ' '\n'
		)
	done
	in_copy apt-get clean
	in_copy apt-get install --yes --no-install-recommends --download-only "${wanted[@]}" "${own[@]}"
	mkdir "$root/packages"
	cp "$copy"/var/cache/apt/archives/*.deb "$root/packages/"
	in_copy apt-get install --yes --no-install-recommends python3-venv apt-utils
	mount --bind "$root/packages" "$copy/mnt"
	in_copy bash -c 'cd /mnt && apt-ftparchive packages . >Packages'
	umount "$copy/mnt"
	in_copy python3 -m venv /fetch
	in_copy /fetch/bin/pip download --quiet --require-hashes --dest /wheels -r /foyer/requirements/foyer.txt
	in_copy /fetch/bin/pip download --quiet --dest /wheels 'hatchling>=1.27' 'setuptools>=40.8' wheel
	mv "$copy/wheels" "$root/wheels"
	umount -R "$copy/foyer" "$copy/dev" "$copy/proc"

	rm -f "$root"/etc/apt/sources.list.d/* "$root"/var/lib/apt/lists/*_dists_* "$root"/var/cache/apt/archives/*.deb
	echo 'deb [trusted=yes] file:/packages ./' >"$root/etc/apt/sources.list"
	printf '[global]\nno-index = true\nfind-links = /wheels\n' >"$root/etc/pip.conf"
	echo foyer-trial >"$root/etc/hostname"
	printf '127.0.0.1 localhost foyer-trial\n' >"$root/etc/hosts"
	: >"$root/etc/machine-id"
	tar -C "$root" --numeric-owner -cf "$base.new" .
	rm -f "$kept/$suite"-????????????.tar
	mv "$base.new" "$base"
} >&2
printf '%s\n' "$base"
