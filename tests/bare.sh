#!/bin/sh
# The last commit on a bare Debian 12 (no Python, pip, venv, Pango or fonts), as root and as a plain user without sudo:
#   tests/bare.sh [root|user] [demo|test]      everything, if not told otherwise
# The demo must serve within 120 s, answer within 10 s on a later start (best of 3) and leave nothing running after
# INT, TERM and KILL; the gate must pass. Run it as root, by hand. BARE_KEEP=FOLDER keeps the Debian for the next call.
# How this machine reaches its package indexes and what it trusts is carried over from its own files and environment.
set -eu

WHO='' JOBS=''
for word in "$@"; do
  case $word in
    root | user) WHO="$WHO $word" ;;
    demo | test) JOBS="$JOBS $word" ;;
    *) sed -n '2,6p' "$0" >&2; exit 2 ;;
  esac
done
WHO=${WHO:-root user} JOBS=${JOBS:-demo test}
ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
[ "$(id -u)" = 0 ] || { echo "bare.sh: run it as root" >&2; exit 2; }
# mounts of our own, gone with us
[ "${BARE_ALONE:-}" ] || exec env BARE_ALONE=1 unshare --mount --propagation private -- "$0" "$@"
command -v debootstrap >/dev/null || { apt-get update -qq && apt-get install -y -qq debootstrap >/dev/null; }

FRAME=$(mktemp -d "${TMPDIR:-/tmp}/bare.XXXXXX")
cleanup() { umount -R "$FRAME"/*/dev "$FRAME"/*/proc 2>/dev/null || true; rm -rf "$FRAME"; }
trap cleanup EXIT
trap 'exit 130' INT TERM

# --- what is carried over ---

carried_variables() { env | grep -iE '^([a-z_]*(proxy|cert|certs|certs_file|ca_bundle|ca_path|cainfo)|ssl_cert_[a-z]*|(pip|uv|npm)_[a-z_]*)=' || true; }
carry() { # carry DEBIAN FILE...: to the same place, followed where it is a link
  debian=$1; shift
  for file in "$@"; do
    [ -e "$file" ] || continue
    mkdir -p "$debian$(dirname "$file")"
    cp -rL "$file" "$debian$(dirname "$file")/" 2>/dev/null || true
  done
}
carry_machine() {
  carry "$1" /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/uv /etc/npmrc /usr/etc/npmrc /usr/local/etc/npmrc \
    /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/auth.conf /etc/apt/auth.conf.d /etc/apt/keyrings \
    /etc/apt/trusted.gpg.d /usr/share/keyrings /usr/local/share/ca-certificates
  for conf in /etc/apt/apt.conf.d/*; do # what concerns fetching; the rest calls programs that are not there
    if grep -q 'Acquire::' "$conf" && ! grep -q 'DPkg::' "$conf"; then carry "$1" "$conf"; fi
  done
  carried_variables | sed 's/^[^=]*=//' | while read -r value; do
    case $value in /etc/*) carry "$1" "$value" ;; esac
  done
}
carry_home() { # carry_home DEBIAN HOME
  for file in .npmrc .pip .config/pip .config/uv .netrc; do
    [ -e "$HOME/$file" ] || continue
    mkdir -p "$1$2/$(dirname "$file")"
    cp -rL "$HOME/$file" "$1$2/$(dirname "$file")/"
  done
}

# --- one bare Debian a person ---

bootstrap() {
  base=${BARE_KEEP:-$FRAME/base}
  if [ ! -x "$base/usr/bin/apt-get" ]; then
    # shellcheck disable=SC2016 # the format is apt's
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1)
    echo "bare: making a bare Debian 12"
    debootstrap --variant=minbase bookworm "$base" ${mirror:+"$mirror"} >"$FRAME/debootstrap.log" 2>&1 ||
      { tail -20 "$FRAME/debootstrap.log" >&2; exit 1; }
  fi
}
furnish() { # furnish PERSON: a copy with the clone in it
  debian=$FRAME/$1 home=/root
  cp -a "$base" "$debian"
  rm -f "$debian/etc/apt/sources.list" # ours comes instead
  carry_machine "$debian"
  if [ "$1" = user ]; then
    home=/home/user
    chroot "$debian" useradd --create-home user
  fi
  carry_home "$debian" "$home"
  git clone -q --no-hardlinks "$ROOT" "$debian$home/portal"
  cp "$ROOT/tests/bare_inside.sh" "$debian$home/inside.sh"
  [ "$1" = root ] || chroot "$debian" chown -R user:user "$home"
  mount --rbind /dev "$debian/dev"
  mount -t tmpfs tmpfs "$debian/dev/shm"
}
live_in() { # live_in PERSON: in a process space of its own, so that whatever is left over is seen
  carried_variables >"$FRAME/variables"
  set --  "$1" "HOME=$home" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
  while read -r variable; do set -- "$@" "$variable"; done <"$FRAME/variables"
  person=$1; shift
  mkdir -p "$debian/proc"
  unshare --fork --pid --kill-child --mount-proc="$debian/proc" \
    chroot --userspec="$person:$person" "$debian" env -i "$@" sh -c "cd $home/portal && exec sh ../inside.sh $JOBS"
}

bootstrap
failed=
for person in $WHO; do
  echo "bare: === as $person ==="
  furnish "$person"
  live_in "$person" || failed="$failed $person"
  umount -R "$debian/dev"
  rm -rf "$debian"
done
[ -z "$failed" ] || { echo "bare: FAILED as$failed"; exit 1; }
echo "bare: passed"
