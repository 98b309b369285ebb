#!/usr/bin/env bash
# Fetches what the pages ship of others' scripts, and the fonts of printed reports, pinned by version and
# SHA-256, into internal/web/static/vendor and internal/gateway/paper/fonts. The result is committed: a fresh clone builds with Go alone.
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

# ECharts has far more than the pages draw: a bundle of its lines and bars, as SVG.
fetch echarts 6.1.0 681aff88cc1038c3fa941a3a53d1b177a52250b05335efc607d6105ae13be481
fetch zrender 6.1.0 38f2fb722a638be016ca0175b139c40c886ef47fc2afdb741b2e7e7ae9683f9c
fetch tslib 2.3.0 ae285639feff7e3c39de4626352181a5d73b815725e42639b411c43848abffdb
fetch @esbuild/linux-x64 0.28.2 9573bb2233aab0f9ea7647d5cca9726113cc1768de61d66b17267f4db84488f6
mkdir "$work/node_modules"
mv "$work/echarts" "$work/zrender" "$work/tslib" "$work/node_modules"
cat > "$work/echarts.js" <<'JS'
import { use, init } from 'echarts/core';
import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';
use([BarChart, LineChart, AriaComponent, GridComponent, TooltipComponent, SVGRenderer]);
window.echarts = { init };
JS
"$work/@esbuild/linux-x64/bin/esbuild" "$work/echarts.js" --bundle --minify --format=iife --target=es2015 --legal-comments=none \
	--define:process.env.NODE_ENV='"production"' --log-level=warning --outfile="$into/echarts/echarts.min.js"
{
	echo "Apache ECharts 6.1.0 with zrender 6.1.0 and tslib 2.3.0 (echarts.min.js), https://echarts.apache.org, from npm; a bundle of the parts that"
	echo "scripts/vendor.sh names, made by esbuild 0.28.2. sha256 of the packages: there."
	for p in echarts zrender tslib; do
		for f in NOTICE LICENSE LICENSE.txt; do
			[ -f "$work/node_modules/$p/$f" ] && printf '\n%s\n%s\n\n' "$p, $f" "----------" && cat "$work/node_modules/$p/$f"
		done
	done
	for f in "$work"/node_modules/echarts/licenses/*; do
		printf '\n%s\n%s\n\n' "echarts, licenses/$(basename "$f")" "----------" && cat "$f"
	done
} > "$into/echarts/NOTICE.txt"

# The fonts of printed reports, packed: the Go command embeds them, nothing is fetched at run time.
fonts=internal/gateway/paper/fonts
fetch @expo-google-fonts/noto-serif-sc 0.4.3 ff6bcf5ba68d92dfecc05544bb150f9e724741a932354a0dd97e7289c40a3f5e
fetch @expo-google-fonts/noto-sans-sc 0.4.3 0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59
serif="$work/@expo-google-fonts/noto-serif-sc" sans="$work/@expo-google-fonts/noto-sans-sc"
zstd --ultra -22 --quiet --force -o "$fonts/NotoSerifSC-Regular.ttf.zst" "$serif/400Regular/NotoSerifSC_400Regular.ttf"
zstd --ultra -22 --quiet --force -o "$fonts/NotoSansSC-Bold.ttf.zst" "$sans/700Bold/NotoSansSC_700Bold.ttf"
chmod 644 "$fonts"/*.zst
{
	echo "Noto Serif SC Regular and Noto Sans SC Bold, https://fonts.google.com/noto, from npm (@expo-google-fonts 0.4.3), packed with zstd and"
	echo "otherwise unchanged; sha256 of the packages: scripts/vendor.sh. Reports carry the glyphs that they use."
	for p in "$serif" "$sans"; do
		printf '\n%s\n%s\n\n' "$(basename "$p"), LICENSE_FONT" "----------" && cat "$p/LICENSE_FONT"
	done
} > "$fonts/NOTICE.txt"
