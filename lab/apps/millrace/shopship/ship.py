"""Collects the access log of the neighbour and posts it in batches."""
import json
import os
import socket
import sys
import time

host, port = os.environ["SINK"].split(":")
batch = []


def out(level, msg, **kw):
    print(json.dumps({"lvl": level, "msg": msg, "component": "shopship", **kw}), flush=True)


out("info", "shopship 1.9 started", sink=os.environ["SINK"])
tick = 0
while True:
    tick += 1
    batch.append("x" * 1024 * 512)
    if tick % 12 == 0:
        try:
            socket.create_connection((host, int(port)), timeout=2).close()
            batch.clear()
        except OSError as e:
            out("warn", "flush postponed, keeping batch", error=str(e), entries=len(batch) * 400)
    time.sleep(0.12)
