#!/usr/bin/env bash
# Make sure the machine has what a make verb needs: setup/system.sh lint|demo|site|test|bench
# As root the missing Debian packages are installed; otherwise the line to run is printed, and we stop.
set -euo pipefail

verb=$1
python=${PYTHON:-python3}
libraries=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null || true)
missing=()

command_needs() { # command package…
  command -v "$1" >/dev/null || missing+=("${@:2}")
}

library_needs() { # library package
  [[ $libraries == *"$1 "* ]] || missing+=("$2")
}

command_needs "$python" python3
"$python" -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
if [[ $verb != lint ]]; then
  library_needs libpango-1.0.so.0 libpango-1.0-0
  library_needs libpangoft2-1.0.so.0 libpangoft2-1.0-0
  library_needs libharfbuzz-subset.so.0 libharfbuzz-subset0 # without it PDFs take 7 to 40 times as long
fi
if [[ $verb == site || $verb == test ]]; then
  command_needs pdftoppm poppler-utils
fi
if [[ $verb == test ]]; then
  command_needs chromium chromium
  command_needs git git
  command_needs node nodejs
  command_needs npm npm
  command_needs pdftotext poppler-utils
  command_needs soffice libreoffice-writer-nogui libreoffice-calc-nogui
fi

if [[ $verb == bench ]]; then
  command_needs node nodejs
  command_needs npm npm
  command_needs soffice libreoffice-writer-nogui
fi

if ((${#missing[@]})); then
  install="apt-get install -y --no-install-recommends ${missing[*]}"
  if ! command -v apt-get >/dev/null; then
    echo "本机缺少下列软件（Debian 软件包名），请先装好：${missing[*]}" >&2
    exit 1
  elif ((EUID)); then
    echo "本机缺少软件包。请先运行下面一行，再重试：" >&2
    echo "  sudo apt-get update && sudo $install" >&2
    exit 1
  fi
  echo "安装软件包：${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq update
  $install >/dev/null
fi

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "需要 Python 3.11 以上，现有 $("$python" --version)。可用 make PYTHON=python3.12 … 指明另一个。" >&2
  exit 1
}
