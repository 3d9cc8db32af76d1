#!/usr/bin/env bash
# Figures, never verdicts: machines differ. Ratios within one run are what to compare.
set -euo pipefail
cd "$(dirname "$0")/.."
${GO:-go} test -run xxx -bench . -benchmem ./diagnosis/... ./evidence/... ./collect/...
if KUBECONFIG=$(bin/crashlab kubeconfig 2>/dev/null) && [ -s "$KUBECONFIG" ]; then
  export KUBECONFIG
  for target in $(bin/crashproof scan -o json | jq -r '.findings[] | select(.workload.kind != "") | .workload.kind + "/" + .workload.name + ":" + .workload.namespace' | sort -u | head -5); do
    for _ in 1 2 3; do
      from=$(date +%s%N)
      calls=$(bin/crashproof diagnose "${target%%:*}" -n "${target##*:}" -o json | jq -r '"\(.coverage.apiCalls) calls, \(.coverage.logReads) of them log reads"')
      echo "diagnose ${target%%:*} in ${target##*:}: $((($(date +%s%N) - from) / 1000000)) ms, $calls"
    done
  done
else
  echo "no lab is running: diagnose on a cluster was not measured (make lab-up)"
fi
