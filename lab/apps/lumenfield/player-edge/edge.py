"""Player edge: hands out manifests of streams to players."""
import http.server
import json
import logging
import os
import signal
import sys
import threading
import time

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format='{"ts":"%(asctime)s","lvl":"%(levelname)s","svc":"player-edge","msg":"%(message)s"}')
log = logging.getLogger()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        known = self.path in ("/livez", "/internal/announce") or self.path.startswith("/manifest/")
        body = json.dumps({"path": self.path, "edge": os.uname().nodename}).encode()
        self.send_response(200 if known else 404)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, fmt, *args):
        log.debug(fmt, *args)


def main():
    log.info("player-edge 6.11.0 starting in region %s", os.environ.get("REGION", "-"))
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=stop).start())
    for part in ("channels", "variants", "ad-markers"):
        time.sleep(float(os.environ.get("LOAD_SECONDS", "2")))
        log.info("loaded table %s", part)
    global server
    server = http.server.ThreadingHTTPServer(("", 8080), Handler)
    log.info("serving manifests on :8080")
    server.serve_forever()
    log.info("drained, bye")


server = None


def stop():
    log.info("SIGTERM, draining")
    if server is None:
        os._exit(0)
    server.shutdown()


if __name__ == "__main__":
    main()
