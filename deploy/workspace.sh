#!/usr/bin/env bash
# Prepare this checkout to run (`workspace.sh demo`) or to be tested (`workspace.sh test`):
# the system packages that are missing, then a virtual environment with the locked dependencies.
set -euo pipefail
cd "$(dirname "$0")/.."

purpose=${1:?say demo or test}
venv=.venv
python=${PYTHON:-python3}

say() { printf '%s\n' "$*" >&2; }

die() {
  say "foyer: $*"
  exit 1
}

# apt_install PACKAGE...: install them if this user may, else say exactly what to type.
apt_install() {
  local run=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
      run=(sudo)
    else
      die "these packages are missing; please run: sudo apt-get update && sudo apt-get install --no-install-recommends $*"
    fi
  fi
  command -v apt-get >/dev/null || die "this is not a Debian system; please install what these packages hold: $*"
  say "foyer: installing $*"
  "${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  "${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null
}

missing=()
need() { # need PACKAGE TEST...: note the package if the test fails
  local package=$1
  shift
  "$@" >/dev/null 2>&1 || missing+=("$package")
}

has_python_headers() {
  "$python" -c 'import pathlib, sys, sysconfig; sys.exit(not pathlib.Path(sysconfig.get_path("include"), "Python.h").exists())'
}
found_library() { ldconfig -p | grep -q "$1"; }
found_font() { find /usr/share/fonts -name 'DejaVuSansMono.ttf' 2>/dev/null | grep -q .; }
found_postgresql() { compgen -G '/usr/lib/postgresql/*/bin/postgres'; }

command -v "$python" >/dev/null || die "python3 is missing; please install it: apt-get install python3"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  die "Python 3.11 or newer is needed, $("$python" --version) is here; set PYTHON=/path/to/a/newer/python3"
need python3-venv "$python" -c 'import ensurepip, venv'
if [ "$purpose" = test ]; then
  need mosquitto test -x /usr/sbin/mosquitto
  need nats-server test -x /usr/sbin/nats-server
  need postgresql found_postgresql
  need chromium command -v chromium
  need shellcheck command -v shellcheck
  need libatomic1 found_library libatomic.so.1 # the browser driver's own runtime wants it
  need fonts-dejavu-core found_font
  need systemd command -v systemd-analyze
  need udev command -v udevadm
  need util-linux command -v runuser
  need fuse3 command -v fusermount3
  need faketime command -v faketime
  need nftables test -x /usr/sbin/nft
  need iproute2 test -x /usr/sbin/ip
  need alsa-utils command -v aplay
  need espeak-ng command -v espeak-ng
  # a compositor that needs no display, the kiosk's terminal in it, and what photographs and types; 4 MB
  need sway command -v sway
  need foot command -v foot
  need grim command -v grim
  need wtype command -v wtype
  need tmux command -v tmux
  need pcscd test -x /usr/sbin/pcscd
  need vsmartcard-vpcd test -e /usr/lib/pcsc/drivers/serial/libifdvpcd.so
  # pyscard has no wheel for Linux: it is built here
  need swig command -v swig
  need libpcsclite-dev test -e /usr/include/PCSC/winscard.h
  need gcc command -v gcc
  need libc6-dev test -e /usr/include/stdio.h
  need python3-dev has_python_headers
fi
[ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"

lock=requirements/foyer.txt
[ "$purpose" = demo ] || lock=requirements/dev.txt
stamp=$venv/.foyer-$purpose
wanted=$(cat "$lock" pyproject.toml | sha256sum)
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
  say "foyer: preparing the virtual environment (a minute or two, once)"
  [ -x $venv/bin/python ] || "$python" -m venv $venv
  $venv/bin/python -m pip install --quiet --use-pep517 --disable-pip-version-check --require-hashes -r "$lock"
  if [ "$purpose" = test ]; then
    $venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
  elif ! $venv/bin/python -m pip show --quiet foyer-kiosk 2>/dev/null; then
    $venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
  fi
  printf '%s' "$wanted" >"$stamp"
fi
