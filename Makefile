# make demo   builds ./quxiang, fills ./quxiang-data with an invented university and serves it
# make test   everything that must hold before a change lands: setup, check, soak
# make check  format, vet, staticcheck, architecture, all tests on both databases and in a browser
# make soak   what takes longer: fuzzing, kill -9, power cuts, ten thousand at once (QUXIANG_SOAK_ROUNDS=200 before a release)
# make bench  speed against what a user would take instead; docs/benchmarks.md says how to read it

SHELL := /bin/bash
GO ?= go
LISTEN ?= 127.0.0.1:8080

.PHONY: build demo test check soak bench setup generate vendor notices fmt

build:
	CGO_ENABLED=0 $(GO) build -trimpath -o quxiang ./cmd/quxiang

setup:
	@scripts/setup.sh

demo: build
	./quxiang demo --listen $(LISTEN)

# Everything that CI runs, one after another: the soak wants the machine for itself. A
# test skipped for a missing tool fails here.
.NOTPARALLEL:
test: setup check soak

check: export QUXIANG_CI = 1
check:
	@scripts/check.sh

# At most 30 minutes on 2 cores that do nothing else; docs/operations/limits.md says what takes how long.
soak: export QUXIANG_CI = 1
soak: export QUXIANG_SOAK = 1
soak:
	@scripts/fuzz.sh
	$(GO) test -count=1 -timeout 45m ./soak
	$(GO) test -count=1 -timeout 10m -run TestAFaultAtEveryOperation ./internal/app

# Speed, as ratios against the named peer in one run.
bench: setup
	$(GO) test -run "^$$" -bench . -benchtime 1x -timeout 60m ./bench
	$(GO) test -run "^$$" -bench . -benchtime 1x -timeout 60m ./bench/specimen
	$(GO) test -run "^$$" -bench Read -benchtime 3x -timeout 60m ./internal/gateway/sheet

# Files made by tools and committed; scripts/check.sh sees that they are fresh.
generate:
	$(GO) tool templ generate -path internal/web
	$(GO) run ./scripts/notices > THIRD_PARTY_NOTICES
	$(GO) run ./scripts/properties > docs/properties.md

# What the pages ship of others' scripts; committed, so that a clone builds without npm.
vendor:
	@scripts/vendor.sh

fmt:
	gofmt -w $$(git ls-files '*.go' | grep -v _templ.go)
