"""Platform boards: renders the next departures for the displays of a station."""
import http.server, json, os, signal, sys, time

VERSION = os.environ.get("APP_VERSION", "6.1.0")

def log(level, msg, **kw):
    print(json.dumps({"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "level": level, "logger": "boards", "msg": msg, **kw}), flush=True)

signal.signal(signal.SIGTERM, lambda *_: (log("info", "SIGTERM, closing displays"), sys.exit(0)))
log("info", "starting", version=VERSION, displays=int(os.environ.get("DISPLAYS", "14")))
log("warn", "font DINRail-Condensed not installed, falling back to sans")
time.sleep(3)
marker = os.environ.get("READY_MARKER", "/tmp/boards.ready")
with open(marker, "w") as f:
    f.write(VERSION)
log("info", "layouts compiled, serving", port=8080, marker=marker, took_ms=3020)

class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"{}\n")
    def log_message(self, *a):
        pass

http.server.ThreadingHTTPServer(("0.0.0.0", 8080), H).serve_forever()
