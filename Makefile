# crashproof: the commands that people and continuous integration use alike. `make help` lists them.
SHELL      := /bin/bash
GO         ?= go
BIN        := bin
VERSION    ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS    := -s -w -X github.com/crashproof-dev/crashproof/internal/version.Version=$(VERSION)
CRASHLAB    = $(BIN)/crashlab
LAB_PROFILE ?= fast
export CGO_ENABLED := 0
# one set of flags for building, vetting and testing, so that the build cache is shared
export GOFLAGS     ?= -trimpath

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

.PHONY: build
build: ## build bin/crashproof
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN)/crashproof ./cmd/crashproof

.PHONY: demo
demo: build ## play recorded incidents: the main job on a machine without a cluster
	$(BIN)/crashproof demo

.PHONY: test
test: ## everything: format, vet, lint, unit and golden tests, API tests, live scenarios (root); says what it installs
	hack/test.sh

.PHONY: test-unit
test-unit: ## unit and golden tests only; no root, no cluster
	$(GO) test ./...
	cd lab && $(GO) test ./...

.PHONY: fmt-check
fmt-check: ## fail where gofmt would change something
	@out=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$out" ] || { echo "gofmt would change:"; echo "$$out"; exit 1; }

.PHONY: vet
vet: ## go vet in both modules
	$(GO) vet ./...
	cd lab && $(GO) vet ./...

.PHONY: lint
lint: $(BIN)/golangci-lint ## golangci-lint with .golangci.yml
	$(BIN)/golangci-lint run --allow-parallel-runners ./...
	cd lab && ../$(BIN)/golangci-lint run --allow-parallel-runners ./...

$(BIN)/golangci-lint: tools/go.mod tools/go.sum
	cd tools && $(GO) build -trimpath -o ../$@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

.PHONY: kql-check
kql-check: ## check azure/queries with Microsoft's Kusto language service (node; as root installs it)
	hack/kql/run.sh

.PHONY: crashlab
crashlab: ## build the lab's program
	cd lab && $(GO) build -trimpath -o ../$(CRASHLAB) ./cmd/crashlab

.PHONY: lab-up
lab-up: crashlab ## start the lab: a real cluster in namespaces of its own (root)
	$(CRASHLAB) images
	$(CRASHLAB) up --profile $(LAB_PROFILE)

.PHONY: lab-down
lab-down: crashlab ## stop the lab and clean up after it
	$(CRASHLAB) down --profile $(LAB_PROFILE)

.PHONY: lab-core
lab-core: build crashlab ## run the fixed core of live scenarios on the running lab
	$(CRASHLAB) run --core --crashproof $(BIN)/crashproof

.PHONY: lab-all
lab-all: build crashlab ## run all scenarios of the profile, resumable; the result file names commit and bundles
	hack/lab-all.sh $(LAB_PROFILE)

.PHONY: replay
replay: build crashlab ## compare the reports about the recorded bundles with what people should conclude; no cluster
	$(CRASHLAB) replay --crashproof $(BIN)/crashproof

.PHONY: test-api
test-api: crashlab ## tests against a real API server without nodes; no root
	hack/test-api.sh

.PHONY: golden
golden: ## rewrite the golden reports from the recorded bundles; look at the diff before you commit it
	$(GO) test ./internal/golden -update

.PHONY: docs
docs: ## write docs/causes from the playbook, docs/azure from the queries and the sources
	$(GO) test ./report -run TestCausePages -update
	$(GO) test ./azure/queries ./azure/access -run TestPage -update

.PHONY: eval
eval: ## print how often the answers about the recorded incidents are right, for each split and verdict, and with evidence taken away
	$(GO) run ./hack/eval

.PHONY: scope
scope: ## on TRIALS=2000 random populations: how often a planted reason is found, how often one is seen that is not there; growth with the size
	TRIALS=$(or $(TRIALS),2000) $(GO) test ./diagnosis/attribution -run 'Planted' -v -timeout 30m | grep -v ' trial '
	TRIALS=$(or $(TRIALS),2000) $(GO) test ./diagnosis -run 'Unrelated' -v -timeout 30m | grep -v ' trial '
	$(GO) test ./diagnosis/attribution -run - -bench Explain

.PHONY: bench-log
bench-log: $(BIN)/benchstat ## throughput of the log analysis over kinds of logs, and its growth with the size; BASE=REF compares with a commit
	hack/bench-log.sh $(BASE)

$(BIN)/benchstat: tools/go.mod tools/go.sum
	cd tools && $(GO) build -trimpath -o ../$@ golang.org/x/perf/cmd/benchstat

.PHONY: bench
bench: build crashlab ## print figures: log scan, redaction, diagnose on the running lab with its API calls
	hack/bench.sh

.PHONY: clean
clean: ## remove what was built in the checkout
	rm -rf $(BIN) dist
