"""One member of the store of meter readings. Member 0 has the readings, later ones copy them before they serve."""
import http.server
import os
import signal
import socket
import sys
import threading
import time
import urllib.request

SEGMENTS = int(os.environ.get("SEGMENTS", "96"))
NAME = socket.gethostname()
ORDINAL = int(NAME.rsplit("-", 1)[1])


def log(level, text):
    print(time.strftime("%Y-%m-%d %H:%M:%S"), level.ljust(5), "[%s]" % NAME, text, flush=True)


class Segments(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(0.4)  # what replication may cost the member that serves
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"r" * 65536)

    def log_message(self, *args):
        pass


def serve_segments():
    http.server.ThreadingHTTPServer(("0.0.0.0", 7401), Segments).serve_forever()


def join():
    source = os.environ.get("SEED", "read-store-0.read-store") + ":7401"
    log("INFO", "joining, copying %d segments from %s" % (SEGMENTS, source))
    began = time.time()
    for n in range(SEGMENTS):
        urllib.request.urlopen("http://%s/segments/%d" % (source, n), timeout=10).read()
        if n % 10 == 9:
            rest = (time.time() - began) / (n + 1) * (SEGMENTS - n - 1)
            log("INFO", "%d/%d segments copied, %.0fs to go" % (n + 1, SEGMENTS, rest))
    log("INFO", "in sync after %.1fs" % (time.time() - began))


def stop(signum, frame):
    log("WARN", "told to stop, the unfinished copy is discarded" if not serving else "told to stop")
    sys.exit(143)


serving = False
signal.signal(signal.SIGTERM, stop)
log("INFO", "read-store 2.9.1, member %d" % ORDINAL)
if ORDINAL:
    join()
else:
    threading.Thread(target=serve_segments, daemon=True).start()
listener = socket.create_server(("0.0.0.0", 7400))
serving = True
log("INFO", "listening on :7400")
while True:
    connection, _ = listener.accept()
    connection.close()
