#!/usr/bin/env bash
# Everything that must hold before a change lands. As root it also brings up the lab and runs live scenarios; it says
# so where it cannot.
set -euo pipefail
cd "$(dirname "$0")/.."
. hack/stage.sh
lab_down() { [ ! -x bin/crashlab ] || bin/crashlab down >/dev/null 2>&1 || true; }
trap 'rc=$?; lab_down; summary; exit $rc' EXIT
trap 'exit 130' INT TERM

stage "format" make -s fmt-check
stage "build" make -s build crashlab
stage "vet" make -s vet
stage "lint" make -s lint
stage "unit and golden tests" make -s test-unit
if [ "$(id -u)" != 0 ]; then
  echo "not root: the API tests run, the live scenarios are left out"
  stage "API tests" make -s test-api
  exit 0
fi
stage "lab: build and images" bin/crashlab images
stage "API tests" make -s test-api
stage "lab: start" bin/crashlab up
stage "live scenarios: core" bin/crashlab run --core --crashproof bin/crashproof
stage "live scenarios: rotation" bin/crashlab run --rotation "${ROTATION:-6}" --seed "$(git rev-parse HEAD 2>/dev/null || date +%F)" --crashproof bin/crashproof
stage "lab: stop" bin/crashlab down
