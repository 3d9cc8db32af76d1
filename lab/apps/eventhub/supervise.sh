#!/bin/bash
# Starts the consumer and leaves as it left.
export STARTED_BY="$0"
python3 /app/consumer.py
code=$?
exit "$code"
