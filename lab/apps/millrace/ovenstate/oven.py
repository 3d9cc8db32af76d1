"""Keeps the state of the ovens; only one instance may own the journal."""
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

LEASE = "/state/journal.lease"
me = os.environ.get("HOSTNAME", "oven")


def log(level, msg, **kw):
    print(" ".join(["t=%s" % time.strftime("%H:%M:%S"), "lvl=" + level, 'msg="%s"' % msg] + ["%s=%s" % i for i in kw.items()]), flush=True)


log("info", "oven-state 5.5.2")
try:
    with open(LEASE) as f:
        lease = json.load(f)
    left = lease["until"] - time.time()
    if lease["owner"] != me and left > 0:
        log("error", "journal is leased to another instance", owner=lease["owner"], expires_in="%ds" % left)
        sys.exit(4)
except FileNotFoundError:
    pass
with open(LEASE, "w") as f:
    json.dump({"owner": me, "until": time.time() + 3600}, f)
log("info", "journal opened", entries=20418)


class H(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *a):
        pass


HTTPServer(("", 8085), H).serve_forever()
