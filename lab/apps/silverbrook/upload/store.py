"""A small object store for the office: PUT /bucket/name with a token."""
import http.server, json, os, time

class H(http.server.BaseHTTPRequestHandler):
    def answer(self, code, body):
        raw = json.dumps(body).encode()
        self.send_response(code); self.send_header("Content-Length", str(len(raw))); self.end_headers(); self.wfile.write(raw)
    def do_GET(self):
        self.answer(200, {"ok": True})
    def do_PUT(self):
        n = int(self.headers.get("Content-Length", "0")); self.rfile.read(n)
        if self.headers.get("X-Access-Token") != os.environ["STORE_TOKEN"]:
            return self.answer(401, {"code": "TokenRevoked", "message": "the access token was replaced", "requestId": f"{time.time_ns():x}"})
        self.answer(201, {"stored": True})
    def log_message(self, *a): pass

http.server.ThreadingHTTPServer(("", 9000), H).serve_forever()
