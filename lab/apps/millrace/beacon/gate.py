"""Dock gate: keeps a session file open for every lorry until it has left the yard."""
import os
import socket
import sys
import time

PORT = int(os.environ.get("PORT", "7400"))
open_lorries = []


def log(level, msg):
    print("%s %-5s [gate] %s" % (time.strftime("%Y-%m-%d %H:%M:%S"), level, msg), flush=True)


def arrivals(n):
    path = "/var/lib/gate/lorry-%04d.session" % n
    open_lorries.append(open(path, "w"))


def main():
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("", PORT))
    s.listen(4)
    s.settimeout(0.2)
    log("INFO", "dock gate 6.2.0 answers on %d" % PORT)
    n, failing = 0, 0
    while True:
        try:
            n += 1
            arrivals(n)
            if n % 20 == 0:
                log("INFO", "%d lorries in the yard" % len(open_lorries))
        except OSError as e:
            failing += 1
            if failing % 25 == 1:
                log("ERROR", "cannot open session: %s" % e)
        try:
            c, _ = s.accept()
            data = c.recv(512).decode("latin-1", "replace")
            c.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok" if data.startswith("GET /status") else b"HTTP/1.0 404 Not Found\r\n\r\n")
            c.close()
        except socket.timeout:
            pass
        except OSError as e:
            if failing % 25 == 1:
                log("ERROR", "accept: %s" % e)
            time.sleep(0.2)


main()
