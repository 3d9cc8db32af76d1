#!/bin/bash
set -eu
# same ceiling as on the old batch hosts
ulimit -v "${FARES_VMEM_KB:-180000}"
exec python3 /app/build.py
