"""Renders crate labels of the night shift into a cache that the printers fetch from."""
import hashlib
import json
import os
import sys
import time

CACHE = os.environ.get("LABEL_CACHE", "/var/cache/labels")
PAUSE = float(os.environ.get("LABEL_PAUSE", "0.25"))


def log(level, msg, **kw):
    print(json.dumps({"ts": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "level": level, "msg": msg, **kw}), flush=True)


def render(crate):
    seed = hashlib.sha256(crate.encode()).digest()
    return seed * 12288  # 384 KiB: a page at 300 dpi, one bit per dot


def main():
    log("info", "label renderer 3.8.0 starting", cache=CACHE)
    log("warn", "font 'Millrace Sans' not found, falling back to built-in", glyphs=214)
    os.makedirs(CACHE, exist_ok=True)
    n = 0
    while True:
        crate = "C%06d" % (418000 + n)
        path = os.path.join(CACHE, crate + ".pcl")
        if not os.path.exists(path):
            with open(path, "wb") as f:
                f.write(render(crate))
            if n % 8 == 0:
                log("info", "rendered", crate=crate, printer="LP-%d" % (n % 4 + 1))
        n += 1
        time.sleep(PAUSE)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(0)
