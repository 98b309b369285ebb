#!/usr/bin/env bash
# Fetches what the pages ship of others' scripts, pinned by version and SHA-256,
# into internal/web/static/vendor. The result is committed: a fresh clone builds with Go alone.
set -euo pipefail
cd "$(dirname "$0")/.."
into=internal/web/static/vendor
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# fetch NAME VERSION SHA256: unpacks an npm package into $work/NAME.
fetch() {
	(cd "$work" && npm pack --silent "$1@$2" >/dev/null)
	local file
	file=$(ls "$work"/*.tgz)
	echo "$3  $file" | sha256sum --check --quiet
	mkdir -p "$work/$1"
	tar -xzf "$file" -C "$work/$1" --strip-components 1
	rm "$file"
}

fetch htmx.org 2.0.11 165a2655073e9e6e55e307a7c74e8ebcdb76afb7701f9c16cfd106a13add408e
cp "$work/htmx.org/dist/htmx.min.js" "$into/htmx.min.js"
