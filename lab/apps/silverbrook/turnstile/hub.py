"""Takes the counts of the turnstiles of a station (one line a connection)."""
import os, socket, sys, threading, time

def log(level, msg, **kw):
    extra = " ".join(f"{k}={v}" for k, v in kw.items())
    print(f'ts={time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())} level={level} msg="{msg}" {extra}'.rstrip(), flush=True)

ledger = threading.Lock()

def flush(every):
    n = 0
    while True:
        time.sleep(every)
        n += 1
        log("info", "flush started", batch=n, rows=40 + n * 3)
        if n == 3:
            ledger.acquire()          # handed to the archiver, which gives it back when its upload ends
            log("info", "batch handed to archiver", batch=n)
            return
        with ledger:
            time.sleep(0.2)
        log("info", "flush done", batch=n)

def main():
    log("info", "turnstile-hub 3.2.0", station=os.environ.get("STATION", "-"), gates=os.environ.get("GATES", "12"))
    log("warn", "gate 7 reports firmware 1.9, expected 2.0")
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("0.0.0.0", 9310))
    s.listen(2)
    log("info", "listening", addr="0.0.0.0:9310")
    threading.Thread(target=flush, args=(5,), daemon=True).start()
    while True:
        c, peer = s.accept()
        with ledger:
            c.close()

main()
