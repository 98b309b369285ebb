#!/usr/bin/env bash
# What a change must pass. Each step says its name; the first failure ends it.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$1"; }

step "format"
unformatted=$(git ls-files --cached --others --exclude-standard '*.go' | grep -v '_templ\.go$' | xargs gofmt -l)
[ -z "$unformatted" ] || { echo "not gofmt-ed: $unformatted"; exit 1; }

step "generated files are fresh"
generated=$(mktemp -d)
trap 'rm -rf "$generated"' EXIT
while IFS= read -r f; do cp --parents "$f" "$generated/"; done < <(git ls-files --cached --others --exclude-standard '*_templ.go')
go tool templ generate -path internal/web >/dev/null 2>&1
while IFS= read -r f; do
	cmp -s "$f" "$generated/$f" || { echo "$f was not fresh: run make generate"; exit 1; }
done < <(cd "$generated" && find . -name '*_templ.go' | sed 's|^\./||')
go run ./scripts/notices | cmp -s - THIRD_PARTY_NOTICES || { echo "THIRD_PARTY_NOTICES is not fresh: run make generate"; exit 1; }
go run ./scripts/properties | cmp -s - docs/properties.md || { echo "docs/properties.md is not fresh: run make generate"; exit 1; }

step "the C library that SQLite was translated with"
have=$(go list -m -f '{{.Version}}' modernc.org/libc)
want=$(awk '$1=="modernc.org/libc"{print $2}' "$(go list -m -f '{{.Dir}}' modernc.org/sqlite)/go.mod")
[ "$have" = "$want" ] || { echo "modernc.org/libc is $have, modernc.org/sqlite needs $want"; exit 1; }

step "vet"
go vet ./...

step "staticcheck"
go tool staticcheck ./...

step "tests"
go test -timeout 14m ./...

printf '\nall checks passed\n'
