#!/usr/bin/env bash
# Tests against a real kube-apiserver and etcd without nodes: started here, on loopback, and stopped again.
set -euo pipefail
cd "$(dirname "$0")/.."
trap 'bin/crashlab api-down >/dev/null 2>&1 || true' EXIT
KUBECONFIG=$(bin/crashlab api-up | tail -1)
export CRASHPROOF_TEST_KUBECONFIG=${KUBECONFIG#KUBECONFIG=}
${GO:-go} test -count=1 -tags apiserver ./collect/... ./internal/...
