# PocketGraph. `make` alone lists what there is.
#
# Everything that is built, tested or measured is reached from here, and each
# step says what it does and how long it took. Without root nothing is
# installed; what is missing is named instead.

SHELL := /bin/bash
.DEFAULT_GOAL := help
STEP := scripts/step.sh

.PHONY: help build demo examples docs test test-long bench size tck clean \
	torture soak bench-record bench-deps test-native test-race test-crash test-wasm test-web web-deps browsers

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

## -- building

build: web-deps ## bin/pocketgraph, and in web/ the package ready for npm pack
	@$(STEP) "native command" go build -trimpath -o bin/pocketgraph ./cmd/pocketgraph
	@$(STEP) "npm package" npm --prefix web run --silent build

web-deps:
	@scripts/setup.sh web

browsers:
	@scripts/setup.sh browsers

demo: build ## install what is missing, build, and serve the explorer with a real graph in it
	@node web/explorer/serve.mjs

examples: build ## build, and serve the examples: notes, documents, dependencies, friends
	@node web/examples/serve.mjs

## -- testing

test: web-deps browsers ## everything, at least one round of every kind (aims at 25 minutes)
	@scripts/test.sh

test-long: web-deps browsers ## everything with the full counts; docs/test-long.md keeps the last result
	@POCKETGRAPH_LONG=1 scripts/test.sh

# The first seed and the number of crash points; WITHIN=10m ends earlier and says how far it got.
SEED ?= 1
POINTS ?= 1000000
WITHIN ?= 0
torture: ## a million simulated crashes of the store, from SEED, on all processors; prints counts
	@$(STEP) "crash simulation" go test ./storage -run '^TestTorture$$' -count=1 -timeout 24h -v -seed $(SEED) -points $(POINTS) -within $(WITHIN)

# So many commits; a short round of it is in make test and make test-long.
COMMITS ?= 10000000
soak: web-deps browsers ## ten million commits: memory and files stay flat; then 500 take-overs of eight tabs in each browser
	@POCKETGRAPH_SOAK=$(COMMITS) $(STEP) "endurance" go test . -run '^TestSoak$$' -count=1 -timeout 24h -v
	@$(STEP) "tabs" env POCKETGRAPH_LONG=1 node --test web/test/tabs.test.mjs

tck: ## the openCypher conformance suite; prints how many scenarios pass
	@scripts/tck.sh

docs: web-deps ## the documentation as a site: guide, every page of docs/, API; prints where
	@$(STEP) "documentation" bash -c 'cd web && node_modules/.bin/typedoc --logLevel Warn && echo "open web/.build/docs/index.html"'

## -- measuring

bench: build bench-deps browsers ## benchmarks beside the peers in the browser (30 minutes), and natively
	@node web/bench/run.mjs
	@node web/bench/native.mjs

bench-record: build bench-deps browsers ## the same, kept in docs/performance.md
	@node web/bench/run.mjs --write
	@node web/bench/run.mjs --growth --write
	@node web/bench/native.mjs --write

bench-deps:
	@scripts/setup.sh bench

size: web-deps ## size of the wasm and of the page's JavaScript; fails above the limits
	@npm --prefix web run --silent build
	@node web/size.mjs

clean: ## remove what was built
	rm -rf bin web/dist web/*.tgz
