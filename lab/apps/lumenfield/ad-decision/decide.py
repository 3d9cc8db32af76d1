"""Ad decision: picks the campaign that fills a break. Campaigns are read again every few seconds by a thread."""
import http.server
import json
import logging
import os
import signal
import sys
import threading
import time

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s [%(threadName)s] %(name)s: %(message)s")
log = logging.getLogger("addecision")

PATH = os.environ.get("CAMPAIGNS", "/etc/ad-decision/campaigns.json")
STALE = float(os.environ.get("STALE_AFTER", "9"))
state = {"campaigns": [], "beat": time.monotonic()}


def refresh():
    rounds = 0
    while True:
        with open(PATH, encoding="utf-8") as f:
            campaigns = json.load(f)["campaigns"]
        due = [c for c in campaigns if c.get("opens_after", 0) <= rounds]
        state["campaigns"] = sorted(due, key=lambda c: c["bid"]["cpm"], reverse=True)
        state["beat"] = time.monotonic()
        rounds += 1
        log.info("%d campaigns, best bid %.2f", len(due), state["campaigns"][0]["bid"]["cpm"])
        time.sleep(3)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        age = time.monotonic() - state["beat"]
        if self.path == "/health/live":
            code, body = (200, {"status": "ok"}) if age < STALE else (503, {"status": "stale", "refreshed_seconds_ago": round(age, 1)})
        else:
            code, body = 200, {"campaign": state["campaigns"][0]["id"] if state["campaigns"] else None}
        data = json.dumps(body).encode()
        self.send_response(code)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, fmt, *args):
        log.debug(fmt, *args)


def main():
    log.info("ad-decision 4.0.1")
    threading.Thread(target=refresh, name="refresher", daemon=True).start()
    server = http.server.ThreadingHTTPServer(("", 8090), Handler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown, name="stop").start())
    log.info("deciding on :8090")
    server.serve_forever()
    log.info("stopped on request")


if __name__ == "__main__":
    main()
