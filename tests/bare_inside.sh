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
left_over() { # is any process left but this one? Their names go to ../left; nothing is started to find out
  found=1
  for status in /proc/[0-9]*/status; do
    [ "$status" != /proc/1/status ] || continue
    name='' state=''
    while read -r key value _; do
      case $key in Name:) name=$value ;; State:) state=$value ;; esac
    done <"$status" 2>/dev/null
    [ -z "$name" ] || [ "$state" = Z ] || { found=0; echo "$name"; } # a zombie only waits to be buried
  done >../left
  return $found
}
start() { # start LIMIT: until the line with the address, in milliseconds
  began=$(now)
  : >../out
  ./run demo >../out 2>../err &
  demo=$!
  until address=$(grep -m 1 -oE '^http://127\.0\.0\.1:[0-9]+' ../out); do
    if [ $(($(now) - began)) -gt "$1" ] || ! kill -0 $demo 2>/dev/null; then
      echo "bare: the demo did not start"; tail -30 ../out ../err; exit 1
    fi
    sleep 0.1
  done
}
ask() { # the home page answers 200; where Python was unpacked, so were its libraries
  LD_LIBRARY_PATH=$(echo .tools/sysroot/lib/*-linux-* .tools/sysroot/usr/lib/*-linux-* | tr ' ' :) .venv/bin/python -c "import sys, urllib.request as u; page = u.urlopen(sys.argv[1], timeout=60).read().decode(); sys.exit('惠企' not in page)" "$address/"
}
stop() { # stop SIGNAL: within 10 s nothing of it is left
  began=$(now)
  kill "-$1" $demo
  wait $demo 2>/dev/null
  while left_over && [ $(($(now) - began)) -le 10000 ]; do sleep 0.1; done
  goal "nothing left after $1" $(($(now) - began)) 10000
  if left_over; then bad=1; cat ../left; kill -9 -1 2>/dev/null; fi
}
demo() {
  start 300000
  goal "cold start" $(($(now) - began)) 120000
  grep '^run:' ../err
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
