#!/usr/bin/env bash
# Everything that must hold before a change lands. As root it also brings up the lab and runs live scenarios; it says
# so where it cannot.
set -euo pipefail
cd "$(dirname "$0")/.."
. hack/stage.sh
lab=(--instance test)   # a lab of its own beside one that somebody works with
lab_down() { [ ! -x bin/crashlab ] || { bin/crashlab down "${lab[@]}"; bin/crashlab api-down --instance test-fleet; } >/dev/null 2>&1 || true; }
trap 'rc=$?; lab_down; summary; exit $rc' EXIT
trap 'exit 130' INT TERM

# live NAME FLAGS: run scenarios. A second attempt is for what could not be performed (a pull or a start that took too long
# on a busy machine) and for a report that claimed too little, since a container may restart while it is looked at; the
# table then shows both. A report that claimed what is not so fails at once.
live() {
  local name=$1
  shift
  rm -f "bin/live-$name.json"
  bin/crashlab run "${lab[@]}" "$@" --crashproof bin/crashproof --results "bin/live-$name.json" && return 0
  echo "a second attempt, for what could not be performed or was reported too weakly"
  bin/crashlab run "${lab[@]}" "$@" --crashproof bin/crashproof --resume "bin/live-$name.json" --again
}

# with_azure lists the populations that have an Azure below their cluster; without it their verdicts are weaker, and not wrong.
with_azure() { grep -lx 'profile: api' $(grep -l '^azure:' lab/scenarios/*/scenario.yaml) | xargs -n1 dirname | xargs -n1 basename; }

stage "format" make -s fmt-check
stage "build" make -s build crashlab
stage "vet" make -s vet
stage "lint" make -s lint
stage "queries" make -s kql-check
stage "unit and golden tests" make -s test-unit
stage "recorded incidents" bin/crashlab replay --crashproof bin/crashproof
if [ "$(id -u)" != 0 ]; then
  echo "not root: the API tests run, the live scenarios are left out"
  stage "API tests" make -s test-api
  stage "populations" bin/crashlab fleet --instance test-fleet --all --crashproof bin/crashproof
stage "populations, Azure off" bin/crashlab fleet --instance test-fleet $(with_azure) --azure=off --crashproof bin/crashproof
  exit 0
fi
stage "lab: build and images" bin/crashlab images
stage "API tests" make -s test-api
stage "populations" bin/crashlab fleet --instance test-fleet --all --crashproof bin/crashproof
stage "populations, Azure off" bin/crashlab fleet --instance test-fleet $(with_azure) --azure=off --crashproof bin/crashproof
stage "lab: start" bin/crashlab up "${lab[@]}"
stage "live scenarios: core" live core --core
stage "live scenarios: rotation" live rotation --rotation "${ROTATION:-4}" --seed "$(git rev-parse HEAD 2>/dev/null || date +%F)"
stage "lab: stop" bin/crashlab down "${lab[@]}"
