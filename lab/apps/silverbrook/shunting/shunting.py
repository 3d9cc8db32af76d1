"""Keeps the log of shunting moves of a yard. One writer only: a pid file beside the log says who."""
import logging, os, sys, time
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s.%(msecs)03d %(levelname)s [%(name)s] %(message)s", datefmt="%H:%M:%S")
log = logging.getLogger("shunting")
STATE = os.environ.get("STATE_DIR", "/state")
PID = os.path.join(STATE, "shunting.pid")

def claim():
    if os.path.exists(PID):
        with open(PID) as f:
            owner = f.read().strip()
        log.error("%s exists (pid %s): another writer has the log, not starting", PID, owner)
        sys.exit(75)
    with open(PID, "w") as f:
        f.write(str(os.getpid()))

def main():
    log.info("shunting-log 1.3.0 yard=%s", os.environ.get("YARD", "-"))
    log.warning("track 14 is closed, moves there are ignored")
    claim()
    log.info("reading the moves of yesterday")
    moves = []
    for block in range(60):
        moves.append(bytearray(4 << 20))
        for i in range(0, len(moves[-1]), 4096):
            moves[-1][i] = block
        time.sleep(0.1)
    log.info("%d blocks", len(moves))
    while True:
        time.sleep(5)

main()
