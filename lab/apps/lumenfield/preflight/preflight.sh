#!/bin/bash
# Looks whether the pod may start; details go nowhere unless PREFLIGHT_VERBOSE is set.
[ -n "$PREFLIGHT_VERBOSE" ] && exec 3>&1 || exec 3>/dev/null
echo "preflight 0.3: profile ${PREFLIGHT_PROFILE:-default}"
check_tmp() { touch /tmp/.preflight; }
check_clock() { [ "$(date +%Y)" -ge 2026 ]; }
check_region() { grep -qx "${REGION:-none}" <<< $'westeurope\nnortheurope\nfrancecentral'; }
for check in tmp clock region; do
  sleep 0.7
  "check_$check" >&3 2>&3 || exit 3
done
echo "preflight: clear to start"
