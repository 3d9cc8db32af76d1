#!/bin/bash
# Ratings of the week: four steps, each a process of its own.
week=${WEEK:-2026-47}
log() { echo "$(date -u +%FT%TZ) ratings[$$] $*"; }
log "week $week, panel of ${PANEL:-5200} households"
for step in fetch weigh merge publish; do
  log "step $step: begin"
  python3 /app/step.py "$step"
  code=$?
  if [ $code -ne 0 ]; then
    log "step $step: ended with $code after ${SECONDS}s, nothing is published"
    exit 1
  fi
done
log "week $week is published"
