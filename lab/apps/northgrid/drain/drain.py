"""Works through the inbox of meter events; keeps those of one batch run in memory to drop duplicates."""
import json
import os
import time

STATE = "/state/position"
BATCHES = int(os.environ.get("INBOX_BATCHES", "16"))


def log(msg, **fields):
    print(json.dumps({"@timestamp": time.strftime("%Y-%m-%dT%H:%M:%S"), "message": msg, **fields}), flush=True)


position = int(open(STATE).read()) if os.path.exists(STATE) else 0
log("event-inbox 8.0.3", position=position, waiting=BATCHES - position)
window = []
while position < BATCHES:
    window.append(bytearray(os.urandom(1024)) * 12288)
    time.sleep(1.2)
    position += 1
    with open(STATE, "w") as f:
        f.write(str(position))
    log("batch done", position=position, window=len(window))
window.clear()
log("inbox is empty, following")
open("/tmp/caught-up", "w").close()
while True:
    time.sleep(15)
    log("no new events")
