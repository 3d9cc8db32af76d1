#!/bin/bash
# Writes some settings into the coordination service, as the queue brokers expect them.
set -u
ready=
for try in $(seq 1 30); do
    if /opt/zookeeper/bin/zk-shell create /queues "" 2>&1 | grep -q -e Created -e 'already exists'; then ready=yes; break; fi
    echo "seed: coordination service not reachable yet ($try)"
    sleep 2
done
[ -n "$ready" ] || exit 1
for queue in admissions letters results; do
    /opt/zookeeper/bin/zk-shell create "/queues/$queue" '{"consumers":2}' >/dev/null 2>&1
    echo "seed: /queues/$queue"
done
