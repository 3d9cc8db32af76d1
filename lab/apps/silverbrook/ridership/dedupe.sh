#!/bin/bash
# counts each journey once: the validators send some taps twice
set -u -o pipefail
day=${DAY:-$(date -u +%F)}
say() { echo "$(date -u +%T) dedupe[$day]: $*"; }
say "collecting taps of ${VALIDATORS:-640} validators"
say "note: 3 validators without a clock, their taps are dropped"
mkdir -p /work/out
awk -v n="${TAPS:-9000000}" 'BEGIN { srand(7); for (i = 0; i < n; i++) printf "%010d;%06d;%s\n", rand()*1e9, i%640, "IN;zone-4;standard;contactless" }' \
  | LC_ALL=C sort -t ';' -k1,1 -u --parallel=1 --buffer-size=${SORT_BUFFER:-1G} -T /work/tmp > /work/out/taps-$day.csv
rc=("${PIPESTATUS[@]}")
say "stages ended: collect=${rc[0]} sort=${rc[1]}"
if [ "${rc[1]}" -ne 0 ]; then
  say "no file written for $day"
  exit 4
fi
say "done"
