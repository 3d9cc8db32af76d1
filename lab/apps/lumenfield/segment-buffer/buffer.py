"""Keeps the last minutes of a channel as segments, so that viewers can go back in time."""
import json
import os
import time

folder = os.environ.get("SEGMENTS", "/segments")
keep = int(os.environ.get("KEEP_SECONDS", "60"))
size = int(os.environ.get("SEGMENT_BYTES", "1500000"))


def log(msg, **more):
    print(json.dumps({"t": round(time.time(), 3), "app": "segment-buffer", "msg": msg, **more}), flush=True)


log("starting", version="1.0.13", keep_seconds=keep)
number = 0
while True:
    number += 1
    with open(os.path.join(folder, f"seg-{number:06d}.ts"), "wb") as f:
        f.write(os.urandom(65536) * (size // 65536))
    old = [n for n in os.listdir(folder) if time.time() - os.path.getmtime(os.path.join(folder, n)) > keep]
    for name in old:
        os.remove(os.path.join(folder, name))
    if number % 8 == 0:
        log("rolled", segment=number, removed=len(old))
    time.sleep(0.5)
