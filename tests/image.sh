#!/bin/sh
# The image and the set of compose.yaml on a real Docker engine, by hand; not part of the gate:
#   tests/image.sh [build] [run]      both, if not told otherwise
# build: the image, what is in it and what is not, one case to the money inside it, without network and read-only.
# run: the set as `docker compose up` starts it, on https://localhost (ports 80 and 443 have to be free): what it answers,
# backup and restore, a leading relay killed, a web killed under requests, the database restarted, everything stopped.
# DOCKER="..." is another way to call docker; IMAGE_BUILD="..." more options for `docker build`.
set -eu

JOBS=${*:-build run}
ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
DOCKER=${DOCKER:-docker}
SCRATCH=$(mktemp -d)
failed=''

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
POSTGRES_PASSWORD=$(random) VALKEY_PASSWORD=$(random) SECRET_KEY=$(random) METRICS_TOKEN=$(random)
PORTAL_IMAGE=${PORTAL_IMAGE:-huiqi-portal-check} PUBLIC_HOST=localhost CITY=样例市
export POSTGRES_PASSWORD VALKEY_PASSWORD SECRET_KEY METRICS_TOKEN PORTAL_IMAGE PUBLIC_HOST CITY

check() { # check WHAT COMMAND...
  what=$1; shift
  if "$@" >"$SCRATCH/said" 2>&1; then echo "ok      $what"; else
    echo "FAILED  $what"; tail -5 "$SCRATCH/said"; failed="$failed $what;"; fi
}
absent() { ! "$@"; }
now() { date +%s%3N; }
# shellcheck disable=SC2086 # several words
compose() { $DOCKER compose --project-name huiqi-check --project-directory "$ROOT" --file "$ROOT/compose.yaml" --env-file /dev/null "$@"; }
# shellcheck disable=SC2086
inside() { $DOCKER run --rm --network none --read-only --tmpfs /tmp "$@"; }
portal() { compose run --rm -T "$@"; }
finish() {
  case $JOBS in *run*) compose down --volumes >/dev/null 2>&1 || true ;; esac
  rm -rf "$SCRATCH"
}
trap finish EXIT
trap 'exit 130' INT TERM

build() {
  began=$(now)
  # shellcheck disable=SC2086
  $DOCKER build ${IMAGE_BUILD:-} --tag "$PORTAL_IMAGE" "$ROOT" >"$SCRATCH/build" 2>&1 || { tail -30 "$SCRATCH/build"; exit 1; }
  echo "built in $((($(now) - began) / 1000)) s, $($DOCKER image inspect -f '{{.Size}}' "$PORTAL_IMAGE" | awk '{print int($1 / 1e6)}') MB"
  # shellcheck disable=SC2016 # for the shell inside
  sh='inside --entrypoint sh '$PORTAL_IMAGE' -c'
  check "it runs as nobody" $sh '[ "$(id -u)" = 10001 ]'
  check "it may write nowhere but /data and /tmp" $sh 'touch /data/x /tmp/x && ! touch /x 2>/dev/null && ! touch /portal/x 2>/dev/null'
  check "no build tool is in it" $sh '! command -v gcc make node npm uv git'
  check "neither source, tests nor settings are in it" $sh \
    '! find / -xdev \( -name .git -o -name .env -o -name compose.yaml -o -name test_deployment.py \) 2>/dev/null | grep .'
  check "everything is compiled" $sh '! find /portal/lib -name __init__.py ! -execdir test -d __pycache__ \; -print | grep -v /templates/ | grep .'
  check "pg_dump is of version 15" $sh 'pg_dump --version | grep " 15\."'
  check "one case is taken to the money and its papers drawn" inside "$PORTAL_IMAGE" demo walk --mode review --json
}

visit() { curl -sS --noproxy '*' --cacert "$SCRATCH/ca" --max-time 20 "$@"; }
heads() { visit -o /dev/null -D - "$@"; }
page_says() { visit https://localhost/sign-in | grep -q '登录'; }
secure() { heads https://localhost/sign-in | grep -i '^set-cookie: __Host-.*Secure; HttpOnly'; }
static() {
  sheet=$(visit https://localhost/sign-in | grep -o '/static/[^"]*tabler.min.css?v=[0-9a-f]*')
  heads -H 'Accept-Encoding: gzip' "https://localhost$sheet" >"$SCRATCH/heads"
  grep -qi '^content-encoding: gzip' "$SCRATCH/heads" && grep -i '^cache-control: public' "$SCRATCH/heads"
}
status() { [ "$(visit -o /dev/null -w '%{http_code}' "$@")" = "$wanted" ]; }
leader() { # the address of the relay that holds the database's lock
  compose exec -T database psql -U portal -d portal -Atc "SELECT DISTINCT client_addr FROM pg_locks JOIN pg_stat_activity
    USING (pid) WHERE locktype = 'advisory' AND objid = $(sed -n 's/^LOCK = //p' "$ROOT/portal/relay.py")"
}
another_leads() { # another_leads THAN: within 30 s
  began=$(now)
  until next=$(leader) && [ -n "$next" ] && [ "$next" != "$1" ]; do [ $(($(now) - began)) -lt 30000 ] || return 1; sleep 0.1; done
  echo "        another relay led after $(($(now) - began)) ms" >&3
}
kill_leader() {
  led=$(leader)
  for relay in $(compose ps -q relay); do
    $DOCKER inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$relay" | grep -qx "$led" && $DOCKER kill "$relay"
  done
  another_leads "$led"
}
kill_web() { # for 20 s nobody may notice
  (sleep 2; $DOCKER kill "$(compose ps -q web | head -n 1)" >/dev/null) &
  ends=$(($(now) + 20000))
  while [ "$(now)" -lt $ends ]; do visit -f -o /dev/null https://localhost/healthz || return 1; sleep 0.05; done
}
stops() { # each within the ten seconds after which docker kills, and with 0
  for container in $(compose ps -q web worker relay); do
    began=$(now)
    $DOCKER stop "$container" >/dev/null
    code=$($DOCKER inspect -f '{{.Config.Cmd}} {{.State.ExitCode}}' "$container")
    echo "        $code after $(($(now) - began)) ms" >&3
    case $code in *" 0") ;; *) return 1 ;; esac
  done
}
restored() {
  portal migrate backup kept && compose exec -T database createdb -U portal again &&
    portal -e DATABASE_URL="postgresql://portal:$POSTGRES_PASSWORD@database/again" -e FILES_DIR=/data/again migrate restore kept
}

run() {
  exec 3>&1
  began=$(now)
  compose up -d --no-build --wait --wait-timeout 600 >"$SCRATCH/up" 2>&1 || { tail -20 "$SCRATCH/up"; compose ps -a; exit 1; }
  echo "up and healthy in $((($(now) - began) / 1000)) s"
  compose exec -T proxy cat /data/caddy/pki/authorities/local/root.crt >"$SCRATCH/ca"
  wanted=200; check "/healthz through the proxy" status https://localhost/healthz
  check "/metrics for the bearer" status -H "Authorization: Bearer $METRICS_TOKEN" https://localhost/metrics
  wanted=404; check "/metrics for nobody else" status https://localhost/metrics
  check "the sign-in page" page_says
  check "its cookie is Secure" secure
  check "a static file by its hash, compressed, to be kept" static
  check "portal healthcheck" portal migrate healthcheck
  check "portal people add" portal migrate people add --login xitong --name 谢系统 --organisation 510800-centre --role system_admin
  check "portal invariants" portal migrate invariants
  check "portal audit verify" portal migrate audit verify
  check "backup and restore" restored
  check "a leading relay is killed" kill_leader
  compose up -d --no-build --wait >/dev/null 2>&1
  check "a web is killed and nobody notices" kill_web
  compose up -d --no-build --wait >/dev/null 2>&1
  check "the database restarts" compose restart database
  sleep 5
  compose up -d --no-build --wait >/dev/null 2>&1
  check "afterwards one relay leads" test "$(leader | wc -l)" = 1
  check "and all is well" portal migrate healthcheck
  check "everything stops when asked" stops
}

for job in $JOBS; do
  case $job in build | run) $job ;; *) sed -n '2,7p' "$0" >&2; exit 2 ;; esac
done
[ -z "$failed" ] || { echo "image: FAILED:$failed"; exit 1; }
echo "image: passed"
