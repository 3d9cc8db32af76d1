#!/bin/bash
# Starts the consumer and obeys its watchdog.
coproc BELL { cat; }
exec 4<&"${BELL[0]}" 5>&"${BELL[1]}"
python3 /app/consumer.py 3>&5 &
child=$!
trap 'kill -TERM $child; exit 0' TERM
read -r -n 1 -u 4
kill -KILL $child
wait $child 2>/dev/null
exit $?
