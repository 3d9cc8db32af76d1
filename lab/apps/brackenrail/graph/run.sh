#!/bin/bash
# Keeps the exit status of the solver for the statistics, then leaves with it.
tcc -run /usr/src/signalgraph/signalgraph.c
rc=$?
echo "$(date -u +%FT%TZ) run.sh: signalgraph left, status kept in /tmp/last-status"
echo "$rc" >/tmp/last-status
exit "$rc"
