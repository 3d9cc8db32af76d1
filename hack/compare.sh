#!/usr/bin/env bash
# compare.sh SCENARIO… | --all | --core [other flags of `crashlab run`]: perform scenarios on the running lab and keep what
# crashproof says and what those other explainers say that are on PATH (docs/comparison.md). Run again, it goes on where
# it stopped. PROFILE=fast, FOLDER=dist/comparison-$PROFILE, PARALLEL=2.
#
# compare.sh --look TOOL: what the lab runs for each of them. Every tool is asked as its own manual advises, about the same
# namespace and target, without an AI service.
set -uo pipefail
tools=(k8sgpt popeye kubectl-status kubectl-why kubectl-why-fail)

# of k8sgpt: all that look at workloads and what they need, and Log, which is off unless asked for
analyzers=Pod,Deployment,ReplicaSet,StatefulSet,DaemonSet,Job,CronJob,Service,PersistentVolumeClaim,ConfigMap
analyzers+=,Ingress,Node,HorizontalPodAutoscaler,PodDisruptionBudget,NetworkPolicy,Storage,Log

pods() { kubectl get pods -n "$NAMESPACE" -o custom-columns=:.metadata.name --no-headers; }

look() {
  case $1 in
  k8sgpt) k8sgpt analyze -n "$NAMESPACE" --no-cache --filter="$analyzers" ;;
  popeye) # jurassic: text without colours and icons; restarts count from the second on, not from the sixth; nodes need -A
    echo 'popeye: {resources: {pod: {restarts: 1}}}' >"$home/spinach.yaml"
    lint=(-o jurassic -l info --force-exit-zero --logs "$home/popeye.log" -f "$home/spinach.yaml")
    popeye "${lint[@]}" -n "$NAMESPACE" -s po,dp,rs,sts,ds,job,cj,svc,cm,sec,sa,pvc,np
    popeye "${lint[@]}" -A -s no
    ;;
  kubectl-status)
    view=(-n "$NAMESPACE" --color never --include-rollout-diffs --include-managed-fields=false)
    [ -z "$TARGET" ] || kubectl-status "$TARGET" "${view[@]}"
    kubectl-status pods "${view[@]}"
    ;;
  kubectl-why)
    kubectl-why scan -n "$NAMESPACE"
    case $KIND in
    Deployment | Job | CronJob | Pod)
      kubectl-why "${KIND,,}" "$TARGET_NAME" -n "$NAMESPACE" --explain --show-secondary --tail 100 --events 20
      ;;
    esac
    for pod in $(pods); do
      echo "== pod $pod"
      kubectl-why pod "$pod" -n "$NAMESPACE" --explain --show-secondary --tail 100 --events 20
    done
    ;;
  kubectl-why-fail)
    for pod in $(pods); do
      echo "== pod $pod"
      kubectl-why-fail pod "$pod" -n "$NAMESPACE" --no-ai --no-color
    done
    ;;
  *)
    echo "compare.sh does not know $1" >&2
    return 2
    ;;
  esac
}

if [ "${1-}" = --look ]; then
  # Their settings and caches stay out of the home directory, so that a person's own do not count.
  home=$(mktemp -d) && trap 'rm -rf "$home"' EXIT
  export XDG_CONFIG_HOME=$home XDG_CACHE_HOME=$home XDG_DATA_HOME=$home XDG_STATE_HOME=$home NO_COLOR=1
  # They tell the state of one moment, and a container that crash-loops runs at some moments and waits at others. The best
  # of three looks counts.
  for i in 1 2 3; do
    [ "$i" = 1 ] || sleep 5
    echo "===== look $i"
    look "${2-}" || rc=$?
  done
  exit "${rc:-0}"
fi

set -e
[ $# -gt 0 ] || { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
cd "$(dirname "$0")/.."
profile=${PROFILE:-fast}
folder=${FOLDER:-dist/comparison-$profile}
mkdir -p "$folder"
observers=()
for tool in "${tools[@]}"; do
  if command -v "$tool" >/dev/null; then
    observers+=(--observe "$tool=$(printf '%q ' bash "$PWD/hack/compare.sh" --look "$tool")")
  else
    echo "$tool is not on PATH and is left out" >&2
  fi
done
[ -x bin/crashlab ] && [ -x bin/crashproof ] || make -s build crashlab
rc=0
bin/crashlab run --profile "$profile" --parallel "${PARALLEL:-2}" --crashproof bin/crashproof --folder "$folder" \
  --resume "$folder/results.json" "${observers[@]}" "$@" || rc=$?
echo "results and answers: $folder"
exit $rc
