"""Order desk workers: need the queue at start."""
import os
import socket
import sys
import time

name, (host, port) = os.environ["WORKER"], os.environ["QUEUE"].split(":")


def say(level, text):
    print("[%s] %s %s: %s" % (time.strftime("%H:%M:%S"), name, level, text), flush=True)


say("info", "starting, prefetch=%s" % os.environ.get("PREFETCH", "20"))
for n in range(4):
    try:
        s = socket.create_connection((host, int(port)), timeout=4)
        s.sendall(b"PING\r\n")
        if not s.recv(64).startswith(b"+PONG"):
            raise OSError("unexpected greeting")
        say("info", "queue %s:%s ok, consuming" % (host, port))
        while True:
            time.sleep(5)
            s.sendall(b"PING\r\n")
            s.recv(64)
    except OSError as e:
        say("error", "queue %s:%s: %s" % (host, port, e))
        time.sleep(1.5)
say("fatal", "no queue after 4 attempts")
sys.exit(1)
