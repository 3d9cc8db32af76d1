"""Keeps the quotes of the day in memory and compacts its segments from time to time."""
import json
import os
import random
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

lock = threading.RLock()
quotes = {}
started = time.time()


def log(level, msg, **fields):
    line = {"ts": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "level": level, "svc": "quote-cache", "msg": msg, **fields}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def compact():
    every = float(os.environ.get("COMPACT_EVERY_SECONDS", "5"))
    pause = float(os.environ.get("COMPACT_COST_SECONDS", "2.0"))
    while True:
        time.sleep(every + random.uniform(-1, 1))
        began = time.time()
        log("info", "compacting segments")
        with lock:
            time.sleep(pause + random.uniform(-0.3, 0.3))
        log("info", "segments compacted", segments=random.randint(30, 48), took_ms=int((time.time() - began) * 1000))


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        began = time.time()
        with lock:
            body = json.dumps({"quotes": len(quotes), "uptime": int(time.time() - started)}).encode()
        took = int((time.time() - began) * 1000)
        try:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            log("debug", "client went away", path=self.path, took_ms=took)
            return
        if took > 600:
            log("info", "request", path=self.path, status=200, took_ms=took)

    def log_message(self, *args):
        pass


def stop(signum, frame):
    log("info", "signal received, closing", signal=signum, uptime_s=int(time.time() - started))
    sys.exit(0)


def main():
    signal.signal(signal.SIGTERM, stop)
    for n in range(4000):
        quotes[n] = round(random.uniform(18, 44), 2)
    log("info", "quotes loaded", quotes=len(quotes), peers="gossip disabled")
    threading.Thread(target=compact, daemon=True).start()
    ThreadingHTTPServer(("0.0.0.0", 8080), Handler).serve_forever()


main()
