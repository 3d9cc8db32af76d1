"""Rebuilds the full-text index chunk by chunk. Between chunks it starts over with a fresh heap: exit code 42."""
import json
import os
import sys
import time

STATE = os.path.join(os.environ.get("STATE_DIR", "/state"), "progress.json")
AGAIN = 42


def log(level, msg, **more):
    print(json.dumps({"ts": round(time.time(), 3), "level": level, "msg": msg, **more}), flush=True)


def main():
    chunks = int(os.environ.get("CHUNKS", "4"))
    try:
        with open(STATE, encoding="utf-8") as f:
            done = json.load(f)["done"]
    except FileNotFoundError:
        done = 0
    log("info", "reindexer 2.2.0", done=done, chunks=chunks)
    if done == chunks:
        log("info", "index complete", chunks=done)
        return 0
    for part in range(4):
        time.sleep(0.8)
        log("debug", "segment merged", chunk=done + 1, segment=part)
    log("warn", "heap is fragmented, handing over", rss_mb=412, chunk=done + 1)
    with open(STATE, "w", encoding="utf-8") as f:
        json.dump({"done": done + 1}, f)
    return AGAIN


if __name__ == "__main__":
    sys.exit(main())
