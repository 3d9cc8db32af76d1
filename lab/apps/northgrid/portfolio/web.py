"""Small HTTP service of the trading desk: positions of the portfolio."""
import http.server
import os
import signal
import sys
import time


def log(text):
    print("%s INFO  portfolio - %s" % (time.strftime("%H:%M:%S"), text), flush=True)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok\n")

    def log_message(self, *args):
        pass


def stop(signum, frame):
    log("stopping")
    sys.exit(0)


signal.signal(signal.SIGTERM, stop)
log("portfolio %s" % os.environ.get("RELEASE", "11.2.0"))
time.sleep(float(os.environ.get("WARM_UP_SECONDS", "1")))
log("serving on :8080")
http.server.ThreadingHTTPServer(("0.0.0.0", 8080), Handler).serve_forever()
