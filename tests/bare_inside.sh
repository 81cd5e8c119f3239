#!/bin/sh
# What bare.sh does inside its Debian, in the clone, as process 1: start, ask, stop, look for leftovers, test.
set -u
bad=0
now() { date +%s%3N; }
seconds() { echo "$(($1 / 1000)).$(($1 % 1000 / 100)) s"; }
goal() { # goal NAME MILLISECONDS LIMIT
  if [ "$2" -le "$3" ]; then verdict=ok; else verdict=MISSED bad=1; fi
  echo "bare: $1: $(seconds "$2") (at most $(seconds "$3")) $verdict"
}
others() { # every process but this one, and those that only wait to be buried
  for status in /proc/[0-9]*/status; do
    pid=${status#/proc/} pid=${pid%/status}
    [ "$pid" = 1 ] || grep -qE '^State:.Z' "$status" 2>/dev/null || tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null
  done | sed 's/  */ /g'
}
start() { # start LIMIT: until the line with the address, in milliseconds
  began=$(now)
  ./run demo >../out 2>../err &
  demo=$!
  until address=$(grep -m 1 -oE '^http://127\.0\.0\.1:[0-9]+' ../out); do
    if [ $(($(now) - began)) -gt "$1" ] || ! kill -0 $demo 2>/dev/null; then
      echo "bare: the demo did not start"; tail -30 ../out ../err; exit 1
    fi
    sleep 0.1
  done
}
ask() { # the home page answers 200
  .venv/bin/python -c "import sys, urllib.request as u; page = u.urlopen(sys.argv[1], timeout=60).read().decode(); sys.exit('惠企' not in page)" "$address/"
}
stop() { # stop SIGNAL: within 10 s nothing of it is left
  began=$(now)
  kill "-$1" $demo
  wait $demo 2>/dev/null
  until left=$(others) && [ -z "$left" ] || [ $(($(now) - began)) -gt 10000 ]; do sleep 0.1; done
  goal "nothing left after $1" $(($(now) - began)) 10000
  [ -z "$left" ] || { bad=1; echo "$left"; kill -9 -1 2>/dev/null; }
}
demo() {
  start 300000
  goal "cold start" $(($(now) - began)) 120000
  ask || { bad=1; echo "bare: the home page did not answer"; }
  stop TERM
  best=999999
  for signal in INT TERM KILL; do
    start 60000
    ask || { bad=1; echo "bare: the home page did not answer"; }
    took=$(($(now) - began))
    [ $took -ge $best ] || best=$took
    stop $signal
  done
  goal "home page on a later start" "$best" 10000
}
gate() {
  began=$(now)
  ./run test 2>&1 || bad=1
  echo "bare: the gate with its installation took $(seconds $(($(now) - began)))"
}
for job in "$@"; do
  case $job in demo) demo ;; test) gate ;; esac
done
exit $bad
