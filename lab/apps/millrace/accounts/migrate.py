"""Applies the schema of the accounts service; talks to the database through the pod's own proxy."""
import os
import socket
import sys
import time

HOST = os.environ.get("DB_HOST", "127.0.0.1")
PORT = int(os.environ.get("DB_PORT", "5432"))


def main():
    print("accounts-migrate 1.44 dialect=postgresql target=%s:%d schema=accounts" % (HOST, PORT), flush=True)
    for attempt in range(1, 5):
        try:
            with socket.create_connection((HOST, PORT), timeout=3):
                print("connected", flush=True)
                break
        except OSError as e:
            print("attempt %d/4: could not connect to server: %s" % (attempt, e.strerror or e), flush=True)
            time.sleep(1)
    else:
        print("giving up: is the server running on host \"%s\" and accepting TCP/IP connections on port %d?" % (HOST, PORT), flush=True)
        return 1
    print("schema accounts is at 0087, nothing to apply", flush=True)
    return 0


sys.exit(main())
