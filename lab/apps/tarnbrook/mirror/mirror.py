"""Copies labelled secrets of the team namespaces to the edge (runs in the cluster)."""
import logging
import os
import sys
import time

from kubernetes import client, config, watch
from kubernetes.client.rest import ApiException

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(levelname).1s%(asctime)s %(name)s] %(message)s",
                    datefmt="%m%d %H:%M:%S")
log = logging.getLogger("mirror")


def main():
    config.load_incluster_config()
    ns = os.environ["POD_NAMESPACE"]
    core = client.CoreV1Api()
    log.info("secret-mirror 1.8.0, namespace %s, selector mirror=edge", ns)
    log.warning("no --metrics-address, metrics are off")
    time.sleep(0.5)
    for name in ("configmaps", "secrets"):
        lister = getattr(core, "list_namespaced_" + {"configmaps": "config_map", "secrets": "secret"}[name])
        log.info("initial listing of %s", name)
        try:
            found = lister(ns, label_selector="mirror=edge")
            log.info("%s: %d objects", name, len(found.items))
        except ApiException:
            log.exception("initial listing of %s did not succeed", name)
            log.info("stopping 2 queues")
            for q in ("deletes", "updates"):
                log.info("queue %s drained, 0 items", q)
            sys.exit(1)
    for _ in watch.Watch().stream(core.list_namespaced_secret, ns):
        pass


main()
