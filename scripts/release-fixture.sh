#!/usr/bin/env bash
# Writes what a released program leaves behind, for the tests of upgrades:
#
#	scripts/release-fixture.sh PROGRAM cmd/quxiang/testdata/releases/NAME.tar.gz
#
# PROGRAM is the binary as it was released: its data, its backup and its figures. Run it once a release whose schema is new.
set -euo pipefail
program=$(realpath "$1")
out=$(realpath -m "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

"$program" demo --data data --graduates 100 --listen 127.0.0.1:0 >demo.log 2>&1 &
server=$!
until [ -S data/socket ]; do sleep 0.2; kill -0 "$server"; done
"$program" backup keygen -o identity.txt >/dev/null
"$program" backup --data data -o backup.age --recipient "$(grep -o 'age1.*' identity.txt)" >/dev/null
"$program" stats destination --data data --cohort 2022-2025 --as-of 2025-06-15 --known-at 2025-06-15 --by level --format json >figures.json
kill "$server" && wait "$server" || true
rm -f data/socket data/lock data/holder demo.log
mkdir -p "$(dirname "$out")"
tar -cf - --sort=name --owner=0 --group=0 --numeric-owner . | gzip -9 >"$out"
