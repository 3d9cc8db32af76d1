"""Duty board: who drives which train today."""
import json, logging, sys, time, http.server
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
log = logging.getLogger("dutyboard")

def rules(path="/etc/crew/rest-rules.json"):
    with open(path) as f:
        return json.load(f)

def main():
    log.info("duty board 2.2.5")
    log.warning("depot SBK-7 has no shift leader for today")
    r = rules()
    log.info("%d rest rules in force", len(r["rules"]))
    class H(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200); self.end_headers()
        def log_message(self, *a): pass
    http.server.ThreadingHTTPServer(("", 8080), H).serve_forever()

main()
