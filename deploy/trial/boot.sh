#!/bin/bash
# Boots a folder as a machine of its own: systemd as process 1, in namespaces of its own (also of the network: it has none but
# its own loopback).  Called by tests/machine; ends, and takes everything with it, when it is killed.
#
#   boot.sh ROOT         needs root and a cgroup2 hierarchy; a container runtime is not needed
set -euo pipefail

root=$1
if [[ -z ${FOYER_TRIAL_APART:-} ]]; then
	# Its own branch of the tree of control groups, so that systemd inside is at the top of what it sees.
	groups=$(findmnt -n -t cgroup2 -o TARGET | head -n 1)
	branch=$groups/foyer-trial-$$
	mkdir "$branch"
	echo $$ >"$branch/cgroup.procs"
	# Whoever called may be killed: then this ends too, and with it everything inside.
	FOYER_TRIAL_APART=1 exec setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --cgroup --ipc --uts --net \
		--propagation private "${BASH_SOURCE[0]}" "$root"
fi

hostname foyer-trial
ip link set lo up
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=0755,nosuid tmpfs "$root/dev"
for node in null zero full random urandom tty; do
	: >"$root/dev/$node"
	mount --bind "/dev/$node" "$root/dev/$node"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
mount -t tmpfs -o mode=0755 tmpfs "$root/run"
: >"$root/dev/console"
cd "$root"
# The old root lies over the new one for a moment, so that no folder is needed for it; pivot_root(2) says why this holds.
pivot_root . .
umount -l .
cd /
# systemd sees that it is in a container, and leaves the clock, the modules and the devices alone.
exec env -i container=foyer-trial PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
	/lib/systemd/systemd --log-target=console --log-level=info --show-status=false </dev/null
