#!/usr/bin/env bash
# Runs each fuzz target for a while (FUZZTIME, 10s), two at a time with one worker each,
# after everything is built: a new input that breaks one is left under testdata/fuzz of
# its package, to be mended and committed.
set -euo pipefail
cd "$(dirname "$0")/.."

built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
targets=$(git ls-files '*_test.go' | xargs grep -oH '^func Fuzz[A-Za-z0-9]*' | sed 's|/[^/]*:func | |' | sort)
for folder in $(cut -d' ' -f1 <<<"$targets" | uniq); do
	case $folder in
	# Pages and database are large: what is followed in them is our own code that reads
	# requests. Everything would be three minutes of compiling.
	internal/app) follow=(-gcflags='quxiang/internal/app=-d=libfuzzer' -gcflags='quxiang/internal/httpd=-d=libfuzzer' -gcflags='quxiang/internal/domain/...=-d=libfuzzer') ;;
	*) follow=(-fuzz .) ;;
	esac
	go test -c "${follow[@]}" -o "$built/${folder//\//-}" "./$folder"
done

fuzz() { # folder target
	local program="$1/${2//\//-}" inputs said
	inputs="$(go env GOCACHE)/fuzz/quxiang/$2"
	cd "$2"
	if said=$("$program" -test.run '^$' -test.fuzz "^$3\$" -test.fuzztime "${FUZZTIME:-10s}" -test.parallel 1 -test.fuzzcachedir "$inputs" 2>&1); then
		printf '== %s %s: %s\n' "$2" "$3" "$(grep -o 'execs: [0-9]*' <<<"$said" | tail -1)"
	else
		printf '== %s %s FAILED\n%s\n' "$2" "$3" "$said"
		return 1
	fi
}
export -f fuzz
xargs -P 2 -L 1 bash -c 'fuzz "$@"' _ "$built" <<<"$targets"
