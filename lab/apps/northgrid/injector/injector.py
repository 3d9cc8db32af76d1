"""Answers the API server's questions and adds the tracing sidecar to pods."""
import http.server
import json
import os
import ssl
import sys
import time


def klog(level, text):
    print("%s%s       1 injector.go:88] %s" % (level, time.strftime("%m%d %H:%M:%S.000000"), text), file=sys.stderr, flush=True)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = {"apiVersion": review["apiVersion"], "kind": review["kind"], "response": {"uid": review["request"]["uid"], "allowed": True}}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())


folder = os.environ.get("TLS_DIR", "/etc/injector/tls")
klog("I", "sidecar-injector v0.19.3")
klog("W", "--tracing-endpoint is empty, sidecars will sample nothing")
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
for name in ("tls.crt", "tls.key"):
    if not os.path.exists(os.path.join(folder, name)):
        klog("F", "serving certificate: open %s: no such file or directory" % os.path.join(folder, name))
        time.sleep(0.3)
        sys.exit(255)
context.load_cert_chain(os.path.join(folder, "tls.crt"), os.path.join(folder, "tls.key"))
server = http.server.ThreadingHTTPServer(("0.0.0.0", 8443), Handler)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
