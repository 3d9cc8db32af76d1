#!/usr/bin/env bash
# Throughput of the log analysis, six times over, as benchstat sums it up; with a commit as argument, compared with that
# commit in turns on the same machine.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mktemp -d)
trap 'git worktree remove --force "$out/base" 2>/dev/null || true; rm -rf "$out"' EXIT
run() { (cd "$1" && GOMAXPROCS=1 ${GO:-go} test -run xxx -bench 'BenchmarkScan|BenchmarkSize' -benchtime 0.3s -benchmem ./diagnosis/logscan >> "$out/$2"); }
if [ $# -gt 0 ] && [ -n "$1" ]; then
  git worktree add --quiet --detach "$out/base" "$1"
  for i in 1 2 3 4 5 6; do
    echo "round $i of 6" >&2
    run "$out/base" base.txt
    run . now.txt
  done
  bin/benchstat "$out/base.txt" "$out/now.txt"
else
  for i in 1 2 3 4 5 6; do
    echo "round $i of 6" >&2
    run . now.txt
  done
  bin/benchstat "$out/now.txt"
fi
