"""Plans which crane unloads which ship. Reads its plan rules from a TOML file when it starts and on SIGHUP."""
import http.server
import logging
import os
import signal
import sys
import threading
import time
import tomllib

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="ts=%(asctime)s level=%(levelname)s logger=%(name)s msg=\"%(message)s\"")
log = logging.getLogger("crane")


class Rules:
    def __init__(self, path):
        with open(path, "rb") as f:
            raw = tomllib.load(f)
        self.cranes = raw["cranes"]
        self.window = raw["planning"]["window_minutes"]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok\n")

    def log_message(self, fmt, *args):
        pass


def plan(rules):
    while True:
        log.info("planned %d cranes for the next %d minutes", len(rules.cranes), rules.window)
        time.sleep(rules.window / 10)


def main():
    path = os.environ.get("CRANE_RULES", "/etc/crane/rules.toml")
    log.info("crane-planner 2.3.7 starting, pid %d", os.getpid())
    log.warning("weather service is disabled, wind limits are not watched")
    try:
        rules = Rules(path)
    except tomllib.TOMLDecodeError as error:
        log.critical("rules %s: %s", path, error)
        sys.exit(65)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    threading.Thread(target=plan, args=(rules,), daemon=True).start()
    http.server.ThreadingHTTPServer(("", 8090), Handler).serve_forever()


main()
