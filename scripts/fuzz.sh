#!/usr/bin/env bash
# Runs each fuzz target for a while (FUZZTIME, 10s): a new input that breaks one is
# left under testdata/fuzz of its package, to be mended and committed.
set -euo pipefail
cd "$(dirname "$0")/.."

git ls-files '*_test.go' | xargs grep -oH '^func Fuzz[A-Za-z0-9]*' | sort | while IFS=: read -r file func; do
	target=${func#func }
	printf '== %s %s\n' "$(dirname "$file")" "$target"
	go test "./$(dirname "$file")" -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-10s}" -parallel 2
done
