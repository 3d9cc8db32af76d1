#!/bin/bash
# Moves finished letters of the day to the archive and keeps a manifest of the newest.
set -eo pipefail

log() { echo "$(date '+%F %T') [archive] $*"; }

spool=/tmp/spool
log "archive 0.9.2 on $(uname -n), spool $spool"
mkdir -p "$spool"
for n in $(seq 1 40); do printf 'letter %05d ward %d\n' "$n" $((n % 7)) >"$spool/letter-$n.txt"; done
log "spool holds $(find "$spool" -type f | wc -l) letters"
sleep 3
seq -f 'letter-%06.0f;final;2026-11-20;ward' 1 60000 >"$spool/index.csv"
log "index written, $(stat -c %s "$spool/index.csv") bytes"
sleep 2
log "choosing the newest letters for the manifest"
sort -r "$spool/index.csv" | head -n 20 >"$spool/manifest.csv"
log "manifest has $(wc -l <"$spool/manifest.csv") lines"
log "done, next run in an hour"
sleep 3600
