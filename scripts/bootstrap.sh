#!/bin/sh
# Makes .venv from a hash-pinned list with nothing but Python 3.11, 3.12 or 3.13: no root, no uv.
# Usage: scripts/bootstrap.sh requirements/run.txt
# Override the Python with PYTHON=/path/to/python.
set -eu
cd "$(dirname "$0")/.."
LOCK=${1:?usage: scripts/bootstrap.sh requirements/run.txt}
UV_VERSION=0.13.9

say() { echo "bootstrap: $*" >&2; }
fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1; }

# A Python is judged by running it: version-manager shims exist on the PATH and still fail.
# 3.12 and 3.11 come first because a Redis wheel exists for those.
PY=
for candidate in ${PYTHON:+"$PYTHON"} python3.12 python3.11 python3 python3.13 python; do
  if fits "$candidate"; then PY=$("$candidate" -c 'import sys; print(sys.executable)'); break; fi
done
if [ -z "$PY" ]; then
  say "no Python 3.11, 3.12 or 3.13 found. Install one, or name it: make PYTHON=/path/to/python3.12"
  exit 1
fi

# uv lives in .tools, apart from .venv: a sync removes whatever the list does not name, uv included.
UV=
if [ -x .tools/bin/uv ] && .tools/bin/uv --version >/dev/null 2>&1; then
  UV=.tools/bin/uv
elif "$PY" -c 'import ensurepip' >/dev/null 2>&1; then
  # --clear mends a .tools left half-made by an interrupted run or by a moved folder
  "$PY" -m venv --clear .tools &&
    .tools/bin/python -m pip install -q --disable-pip-version-check "uv==$UV_VERSION" 2>/dev/null &&
    UV=.tools/bin/uv || say "uv could not be installed; going on with pip"
elif "$PY" -m pip --version >/dev/null 2>&1; then
  # a system Python without ensurepip: --target is allowed where a plain install is not
  rm -rf .tools
  "$PY" -m pip install -q --disable-pip-version-check --target .tools "uv==$UV_VERSION" 2>/dev/null &&
    UV=.tools/bin/uv || say "uv could not be installed; going on with pip"
fi
if [ -z "$UV" ] && command -v uv >/dev/null 2>&1; then UV=uv; fi

# An interrupted or moved .venv, or one of another Python, is made again.
if [ -e .venv ] && ! fits .venv/bin/python; then rm -rf .venv; fi

if [ -n "$UV" ]; then
  export UV_SYSTEM_CERTS=1 UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_NO_PROGRESS=1
  [ -x .venv/bin/python ] || "$UV" venv -q --python "$PY" .venv
  # Bytecode now, because some environments forbid Python to write it later and starts double.
  if VIRTUAL_ENV="$PWD/.venv" "$UV" pip sync -q --require-hashes --compile-bytecode "$LOCK"; then exit 0; fi
  say "uv could not install $LOCK; trying pip"
fi

if ! "$PY" -c 'import ensurepip' >/dev/null 2>&1; then
  say "this Python has neither uv, pip nor ensurepip. On Debian: apt-get install python3-venv"
  exit 1
fi
"$PY" -m venv .venv
if ! .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$LOCK"; then
  say "the packages in $LOCK could not be installed; the lines above say which. Is a package index reachable?"
  exit 1
fi
PYTHONDONTWRITEBYTECODE= .venv/bin/python -m compileall -q .venv/lib >/dev/null 2>&1 || true
