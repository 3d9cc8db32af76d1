# Sourced: run a command as a named stage, and remember how long it took.
STAGES=()
stage() { # stage NAME command...
  local name=$1 from=$SECONDS rc=0
  shift
  printf '\n=== %s\n' "$name"
  "$@" || rc=$?
  STAGES+=("$(printf '%-28s %5ds  %s' "$name" $((SECONDS - from)) "$([ $rc = 0 ] && echo ok || echo "failed ($rc)")")")
  return $rc
}
summary() { printf '\n=== stages\n'; printf '%s\n' "${STAGES[@]}"; printf '%-28s %5ds\n' total "$SECONDS"; }
