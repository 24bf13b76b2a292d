#!/usr/bin/env bash
# The README's pictures, from the packs that make demo builds: first pages, drawn by poppler.
set -euo pipefail
pack="build/demo/示例技师学院/2026-autumn"
mkdir -p site/pictures
draw() { pdftoppm -r 72 -f "$3" -l "$3" -singlefile -png "$pack/$1" "site/pictures/$2"; }
draw "00 目录与下一步.pdf" pack 1
draw "01 职业技能等级认定方案.pdf" work-plan 1
form=$(cd "$pack" && find . -path "./04 *" -name "001*.pdf" | head -n 1)
draw "$form" application-form 1
