#!/bin/bash
# tariff board: shows the tariffs; leaves when they change, so that it is started with the new ones
say() { printf '%(%T)T board: %s\n' -1 "$*"; }
src=${TARIFFS:-/etc/board/tariffs.conf}
sum=$(sha256sum "$src" 2>/dev/null | cut -c1-12)
say "board 1.6, tariffs $sum"
trap 'say "told to go"; exit 0' TERM
touch /tmp/shown
while :; do
  sleep 2 & wait $!
  now=$(sha256sum "$src" 2>/dev/null | cut -c1-12)
  if [ "$now" != "$sum" ]; then
    say "tariffs $sum are history, $now are in force"
    exit 0
  fi
done
