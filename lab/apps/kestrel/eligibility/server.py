"""The insurers' eligibility service: one request at a time, and it asks the mainframe for each."""
import datetime
import http.server
import time


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith("/eligibility"):
            time.sleep(600)  # the mainframe's queue stands
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}\n")

    def log_message(self, form, *args):
        print(datetime.datetime.now().isoformat(timespec="seconds"), "access", form % args, flush=True)


print(datetime.datetime.now().isoformat(timespec="seconds"), "eligibility 1.9 listening on 8000, mainframe link established", flush=True)
http.server.ThreadingHTTPServer(("", 8000), Handler).serve_forever()
