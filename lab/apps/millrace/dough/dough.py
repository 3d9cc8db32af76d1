"""Recipes API. Since 4.0 every path under /api and /internal wants a bearer token."""
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = os.environ.get("API_TOKEN", "")
STRICT = os.environ.get("AUTH_SCOPE", "api") == "all"


class H(BaseHTTPRequestHandler):
    server_version = "recipes/4.0"

    def answer(self, code, body):
        b = json.dumps(body).encode()
        self.send_response(code)
        if code == 401:
            self.send_header("WWW-Authenticate", 'Bearer realm="recipes"')
        self.send_header("Content-Length", str(len(b)))
        self.end_headers()
        self.wfile.write(b)

    def do_GET(self):
        if self.path == "/livez":
            return self.answer(200, {"status": "pass"})
        guarded = self.path.startswith("/api") or (STRICT and self.path.startswith("/internal"))
        if guarded and self.headers.get("Authorization") != "Bearer " + TOKEN:
            return self.answer(401, {"error": "missing_token"})
        if self.path in ("/internal/health", "/api/recipes"):
            return self.answer(200, {"status": "pass"})
        self.answer(404, {"error": "no_route"})

    def log_message(self, fmt, *args):
        print('ts=%s level=info peer=%s ua="%s" req="%s"' % (time.strftime("%H:%M:%S"), self.client_address[0], self.headers.get("User-Agent", "-"), fmt % args), flush=True)


print('ts=%s level=info msg="recipes api up" port=8090 auth_scope=%s recipes=612' % (time.strftime("%H:%M:%S"), "all" if STRICT else "api"), flush=True)
ThreadingHTTPServer(("", 8090), H).serve_forever()
