#!/bin/bash
# Settlement must never run into the bank's cut-off: the run is ended hard after its time budget.
set -u
echo "$(date -u +%FT%TZ) settlement run starts, budget ${BUDGET_SECONDS:=10}s"
timeout --signal=KILL "$BUDGET_SECONDS" python3 /app/settle.py 2>/dev/null
exit $?
