#!/usr/bin/env bash
# lab-all.sh PROFILE: all scenarios of a profile in resumable parts. The result file bears the date, the commit and the
# bundles' hashes; run again, it goes on where it stopped. REPEAT=2 performs each scenario twice.
set -euo pipefail
cd "$(dirname "$0")/.."
profile=${1:-fast}
out=${RESULTS:-results/$(date +%F)-$profile-$(git rev-parse --short HEAD).json}
mkdir -p "$(dirname "$out")"
resume=(); [ ! -s "$out" ] || resume=(--resume "$out")
bin/crashlab images
bin/crashlab up --profile "$profile"
bin/crashlab run --profile "$profile" --all --repeat "${REPEAT:-1}" --crashproof bin/crashproof --results "$out" "${resume[@]}"
echo "results: $out"
