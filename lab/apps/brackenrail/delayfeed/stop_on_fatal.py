"""Ends supervisord when a program is given up, so that the container is restarted."""
import os
import signal
import sys

while True:
    sys.stdout.write("READY\n")
    sys.stdout.flush()
    header = dict(x.split(":") for x in sys.stdin.readline().split())
    body = sys.stdin.read(int(header["len"]))
    sys.stderr.write("stop-on-fatal: %s\n" % body)
    sys.stderr.flush()
    os.kill(os.getppid(), signal.SIGQUIT)
    sys.stdout.write("RESULT 2\nOK")
    sys.stdout.flush()
