"""Makes the monthly statements of one grid area; numbers for the monitoring are on port 9102 meanwhile."""
import http.server
import os
import threading
import time

done = 0


class Numbers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"statements_done_total %d\n" % done)

    def log_message(self, *args):
        pass


def say(text):
    print("level=info ts=%s component=statement %s" % (time.strftime("%H:%M:%S"), text), flush=True)


threading.Thread(target=http.server.HTTPServer(("127.0.0.1", 9102), Numbers).serve_forever, daemon=True).start()
total = int(os.environ.get("STATEMENTS", "1200"))
say('msg="statements of %s" area=%s total=%d' % (os.environ.get("MONTH", "2026-10"), os.environ.get("AREA", "NW-11"), total))
while done < total:
    time.sleep(1)
    done = min(total, done + 100)
    if done % 400 == 0:
        say('msg=progress done=%d' % done)
say('msg="all statements written" done=%d' % done)
