# Sourced by up and test: installs the npm packages when the lock file changed, and compiles.
# shellcheck shell=bash

require_node() {
  local wanted='>= 20.19'
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    echo "Node.js $wanted with npm is needed: install it and run this again" >&2
    exit 69
  fi
  if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
    echo "Node.js $(node --version) is too old: $wanted is needed" >&2
    exit 69
  fi
}

install_npm_packages() {
  local stamp=node_modules/.lock-sum sum
  sum=$(sha256sum package-lock.json)
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sum" ] && return
  say "Installing npm packages into node_modules"
  npm ci --no-audit --no-fund --loglevel=error || return
  echo "$sum" >"$stamp"
}

compile() {
  npx turbo run build --output-logs=errors-only --no-update-notifier
}
