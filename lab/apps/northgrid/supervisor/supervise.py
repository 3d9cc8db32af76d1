"""Runs the price importer's workers and ends when one of them ends."""
import os
import subprocess
import sys
import time


def log(level, text):
    print("%s %s supervisor[1]: %s" % (time.strftime("%b %d %H:%M:%S"), level, text), flush=True)


os.makedirs("/tmp/log", exist_ok=True)
log("INFO", "price-importer 0.31.7")
workers = {}
for name in ("spot", "intraday", "balancing"):
    out = open("/tmp/log/%s.log" % name, "a")
    workers[name] = subprocess.Popen([sys.executable, "/app/worker.py", name], stdout=out, stderr=out)
    log("INFO", "worker %s started, pid %d" % (name, workers[name].pid))
time.sleep(1.5)
log("WARN", "exchange calendar: first attempt timed out, retrying")
time.sleep(1.5)
log("INFO", "exchange calendar: loaded at attempt 2 (23 holidays)")
while True:
    for name, worker in workers.items():
        code = worker.poll()
        if code is not None:
            log("ERROR", "worker %s exited with status %d" % (name, code))
            for other in workers.values():
                other.terminate()
            log("INFO", "all workers stopped")
            sys.exit(code)
    time.sleep(0.5)
