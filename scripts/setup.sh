#!/usr/bin/env bash
# Installs from Debian's packages what the checks need and is missing, without
# recommends, and says what it does. Nothing is fetched from anywhere else.
set -euo pipefail

need=()
missing() { # command-or-file package
	case "$1" in
	/*) compgen -G "$1" >/dev/null || need+=("$2") ;;
	*) command -v "$1" >/dev/null || need+=("$2") ;;
	esac
}
missing '/usr/lib/postgresql/*/bin/initdb' postgresql
missing chromium chromium
missing '/usr/share/fonts/truetype/wqy/wqy-microhei.ttc' fonts-wqy-microhei
missing python3 python3
missing soffice libreoffice-calc-nogui
missing '/usr/lib/libreoffice/program/libswlo.so' libreoffice-writer-nogui
missing xmllint libxml2-utils
missing pdftotext poppler-utils
missing git git
missing '/usr/sbin/mkfs.xfs' xfsprogs
missing '/usr/sbin/mkfs.ext4' e2fsprogs
missing openssl openssl

if ! command -v go >/dev/null; then
	echo "Go is missing: install Go 1.26 or newer from https://go.dev/dl/ (Debian 12's is too old)" >&2
	exit 1
fi
if [ ${#need[@]} -eq 0 ]; then
	echo "setup: everything is here"
	exit 0
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || { echo "setup: please run as root or install sudo; missing: ${need[*]}" >&2; exit 1; }
	as_root=(sudo)
fi
echo "setup: installing ${need[*]} from Debian's packages, without recommends"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get -qq update
"${as_root[@]}" apt-get -qq install -y --no-install-recommends "${need[@]}" >/dev/null
echo "setup: done"
