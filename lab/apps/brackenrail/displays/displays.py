"""Shows departures on the displays of the platforms of a station."""
import logging
import os
import sys
import time

import paho.mqtt.client as mqtt

logging.basicConfig(stream=sys.stdout, level=logging.INFO,
                    format="%(asctime)s %(levelname)-7s [%(name)s] %(message)s")
log = logging.getLogger("displays")
wire = logging.getLogger("displays.mqtt")

HOST = os.environ.get("MQTT_HOST", "mqtt")
PORT = int(os.environ.get("MQTT_PORT", "1883"))
STATION = os.environ.get("STATION", "BRK")
state = {"tries": 0, "up": False}


def on_connect(client, userdata, flags, rc):
    if rc:
        state["tries"] += 1
        wire.warning("session not established (attempt %d): %s", state["tries"], mqtt.connack_string(rc))
        return
    state["up"] = True
    wire.info("session established")
    client.subscribe(f"departures/{STATION}/#")


def on_disconnect(client, userdata, rc):
    wire.info("line to %s closed, code %d", HOST, rc)


def main():
    log.info("platform-displays 2.11.0, station %s, %s displays", STATION, os.environ.get("DISPLAYS", "4"))
    try:
        with open("/var/lib/displays/last.json") as f:
            log.info("showing the last known departures, %d bytes", len(f.read()))
    except OSError as e:
        log.warning("no last known departures: %s", e)
    client = mqtt.Client(client_id=f"displays-{STATION.lower()}-{os.getpid()}")
    client.username_pw_set(os.environ["MQTT_USER"], os.environ["MQTT_PASSWORD"])
    client.on_connect, client.on_disconnect = on_connect, on_disconnect
    client.reconnect_delay_set(1, 2)
    wire.info("connecting to %s:%d as %s", HOST, PORT, os.environ["MQTT_USER"])
    client.connect(HOST, PORT, keepalive=30)
    client.loop_start()
    for _ in range(10):
        time.sleep(1)
        if state["up"]:
            break
    else:
        log.error("no departures for 10 s, blanking displays 1-%s", os.environ.get("DISPLAYS", "4"))
        for n in range(1, int(os.environ.get("DISPLAYS", "4")) + 1):
            log.info("display %d: blank", n)
        client.loop_stop()
        log.info("bye")
        sys.exit(3)
    while True:
        time.sleep(60)


main()
