"""Tariffs over HTTP. A snapshot waits while the nightly recalculation holds the table."""
import http.server
import logging
import threading
import time

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
log = logging.getLogger("tariff-api")
table = threading.Lock()


def recalculate():
    with table:
        for route in range(1, 100000):
            if route % 20 == 1:
                log.info("recalculation: route %d of 99999", route)
            time.sleep(0.5)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/ready":
            with table:
                pass
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}\n")

    def log_message(self, fmt, *args):
        pass


threading.Thread(target=recalculate, daemon=True).start()
http.server.ThreadingHTTPServer(("", 8000), Handler).serve_forever()
