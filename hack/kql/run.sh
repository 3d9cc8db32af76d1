#!/usr/bin/env bash
# Checks the queries of azure/queries with the Kusto language service. It needs node and npm, and says so where it cannot
# install them. The service comes from npm in the version of package-lock.json.
set -euo pipefail
cd "$(dirname "$0")"
need() {
  command -v node >/dev/null && command -v npm >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing nodejs and npm"
    apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends nodejs npm >/dev/null && return
  fi
  echo "hack/kql: node and npm are missing: install Node.js 18 or newer, or run this as root on Debian" >&2
  exit 1
}
need
# npm ci costs seconds: only where the lock file is newer than what is installed
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --ignore-scripts --no-audit --no-fund --silent
exec node check.cjs
