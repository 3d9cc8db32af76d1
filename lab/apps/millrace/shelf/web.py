"""Shelf plan web: serves what the sync container wrote."""
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class H(BaseHTTPRequestHandler):
    def do_GET(self):
        b = b"ok\n"
        self.send_response(200)
        self.send_header("Content-Length", str(len(b)))
        self.end_headers()
        self.wfile.write(b)

    def log_message(self, fmt, *args):
        if "kube-probe" not in self.headers.get("User-Agent", ""):
            print(self.client_address[0], fmt % args, flush=True)


time.sleep(float(os.environ.get("WARMUP", "0")))
print(time.strftime("%H:%M:%S"), os.environ.get("SERVICE", "shelf-web"), "listening on", os.environ.get("PORT", "8080"), flush=True)
ThreadingHTTPServer(("", int(os.environ.get("PORT", "8080"))), H).serve_forever()
