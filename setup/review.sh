#!/usr/bin/env bash
# Writes the report on a change of policy or templates, ready to post as a review comment:
#   setup/review.sh [BASE] [DIR...] > report.md
#   BASE: main; the working tree is compared with it.   DIR: institutions to try it on; the examples.
# What a clause now asks, whom it hits, and how the documents of the examples differ. Exit status 0 whatever it finds.
set -euo pipefail
cd "$(dirname "$0")/.."
base=${1:-main}
shift || true
[ $# -gt 0 ] || set -- institutions
base=$(git rev-parse --short "$(git merge-base "$base" HEAD)")
read -ra kaowu <<<"${KAOWU:-.venv/bin/kaowu}"
limit=60000 # a comment on a review holds about 65,000 characters
report=$(mktemp)
trap 'rm -f "$report"' EXIT

status=0
"${kaowu[@]}" policy diff "$base" . --format markdown >>"$report" || status=$?
[ "$status" -le 1 ] || { echo "两个版本有一个读不了，见上面的说明" >&2; exit "$status"; }
echo >>"$report"
status=0
"${kaowu[@]}" policy impact "$base" . "$@" --format markdown --detail --jobs "${JOBS:-1}" >>"$report" || status=$?
[ "$status" -le 2 ] || exit "$status"

"${PYTHON:-.venv/bin/python}" - "$report" "$limit" <<'PYTHON'
import sys
from pathlib import Path

text, limit = Path(sys.argv[1]).read_text(encoding="utf-8"), int(sys.argv[2])
sys.stdout.reconfigure(encoding="utf-8")
kept = text if len(text) <= limit else text[: text.rfind("\n", 0, limit)]
print(kept + ("\n  ```" if kept.count("```") % 2 else ""))
if kept != text:
    print("\n（以下略，全文见构建产物）")
PYTHON
