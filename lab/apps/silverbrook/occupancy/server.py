"""Serves how full the trains are, over gRPC; reads train positions from a queue."""
import logging, sys, threading, time
from concurrent import futures
import grpc

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s %(levelname)-7s [%(threadName)s] %(name)s: %(message)s")
log = logging.getLogger("occupancy")
last = time.time()
SERVING, NOT_SERVING = b"\x08\x01", b"\x08\x02"
state = {"v": SERVING}

class Health(grpc.GenericRpcHandler):
    def service(self, call):
        if call.method == "/grpc.health.v1.Health/Check":
            return grpc.unary_unary_rpc_method_handler(lambda req, ctx: state["v"])

def consume():
    global last
    for offset in range(88120, 88129):
        time.sleep(1.5)
        last = time.time()
        if offset % 4 == 0:
            logging.getLogger("positions").info("partition 3: offset %d, 212 trains", offset)
    threading.Event().wait()

def watch():
    while True:
        time.sleep(2)
        age = time.time() - last
        if age > 6 and state["v"] == SERVING:
            log.warning("positions: no message for %.0fs (max 6s), partition 3 assigned, consumer thread alive; health set to NOT_SERVING", age)
            state["v"] = NOT_SERVING

log.info("occupancy 5.4.1, model coach-load-v8")
log.info("grpc.max_receive_message_length not set, default in use")
server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
server.add_generic_rpc_handlers((Health(),))
server.add_insecure_port("0.0.0.0:50061")
server.start()
log.info("gRPC server on :50061 (reflection off)")
threading.Thread(target=consume, name="positions", daemon=True).start()
threading.Thread(target=watch, name="health", daemon=True).start()
server.wait_for_termination()
