# Sourced by up and test: finds a Docker engine, or brings one up where that is ours to do.
# shellcheck shell=bash

engine_answers() {
  node -e '
    const { DOCKER_HOST = "unix:///var/run/docker.sock" } = process.env;
    const url = new URL(DOCKER_HOST);
    if (url.protocol !== "unix:") process.exit(0); // a remote engine: runtime-kit says what is wrong with it
    const request = require("node:http").get({ socketPath: url.pathname, path: "/_ping", timeout: 3000 });
    request.on("response", ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1));
    request.on("error", () => process.exit(1));
    request.on("timeout", () => process.exit(1));
  '
}

can_install() {
  [ "$(id -u)" = 0 ] && [ -r /etc/debian_version ] && command -v apt-get >/dev/null
}

no_engine() {
  cat >&2 <<'TEXT'
There is no Docker engine, and this script installs one only as root on Debian or Ubuntu.
Install Docker Engine 20.10 or newer and start it, or point DOCKER_HOST to one. Where no image
registry is reached, install mmdebstrap too. Then run this again.
TEXT
  exit 69
}

say() { printf '\n== %s\n' "$*"; }

install_packages() {
  local missing=()
  command -v dockerd >/dev/null || missing+=(docker.io)
  command -v mmdebstrap >/dev/null || missing+=(mmdebstrap)
  [ ${#missing[@]} -eq 0 ] && return
  say "Installing ${missing[*]} with apt-get"
  apt-get -o DPkg::Lock::Timeout=300 update -qq
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq \
    --no-install-recommends "${missing[@]}" iptables ca-certificates >/dev/null
}

start_engine() {
  if [ -d /run/systemd/system ]; then
    systemctl start docker
  else
    local log=/var/log/dockerd.log
    say "Starting dockerd, its log is $log"
    setsid nohup dockerd >>"$log" 2>&1 </dev/null &
  fi
  for _ in $(seq 60); do
    engine_answers && return
    sleep 0.5
  done
  echo "dockerd did not come up within 30 s; see its log" >&2
  exit 69
}

ensure_engine() {
  if engine_answers; then
    # Without a registry, base images are made with mmdebstrap.
    if can_install; then install_packages; fi
    return
  fi
  can_install || no_engine
  install_packages
  start_engine
}
