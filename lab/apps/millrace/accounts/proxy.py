"""dbproxy: forwards the pod's loopback port to the database of the region."""
import os
import socket
import threading
import time

UPSTREAM = os.environ["PROXY_UPSTREAM"]
LISTEN = int(os.environ.get("PROXY_LISTEN", "5432"))


def log(msg):
    print(time.strftime("%Y/%m/%d %H:%M:%S ") + msg, flush=True)


def pump(a, b):
    try:
        while True:
            d = a.recv(4096)
            if not d:
                break
            b.sendall(d)
    except OSError:
        pass
    finally:
        a.close()
        b.close()


def main():
    host, port = UPSTREAM.split(":")
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", LISTEN))
    s.listen(16)
    log("dbproxy 0.31 ready for new connections on 127.0.0.1:%d, upstream %s" % (LISTEN, UPSTREAM))
    while True:
        c, _ = s.accept()
        try:
            u = socket.create_connection((host, int(port)), timeout=3)
        except OSError as e:
            log("dial %s: %s" % (UPSTREAM, e))
            c.close()
            continue
        threading.Thread(target=pump, args=(c, u), daemon=True).start()
        threading.Thread(target=pump, args=(u, c), daemon=True).start()


main()
