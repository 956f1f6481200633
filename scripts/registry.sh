# Sourced by test: brings the registry that tests push to, and the program that looks at it from outside.
# shellcheck shell=bash

# The package of the registry starts a service on port 5000 where there is systemd: its program is unpacked
# here instead.
registry_folder=.runtime-kit/tools/docker-registry

has_registry() {
  [ -x "$registry_folder/usr/bin/docker-registry" ] || command -v docker-registry >/dev/null
}

has_skopeo() { command -v skopeo >/dev/null; }

ensure_registry() {
  has_registry && has_skopeo && return
  if ! can_install; then
    echo 'Tests of push and pin need docker-registry and skopeo on the PATH' >&2
    return 1
  fi
  say "Installing skopeo with apt-get, and unpacking docker-registry into $registry_folder"
  apt-get -o DPkg::Lock::Timeout=300 update -qq
  has_registry || unpack_registry
  has_skopeo || DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq \
    --no-install-recommends skopeo >/dev/null
}

unpack_registry() {
  mkdir -p "$registry_folder"
  (cd "$registry_folder" && apt-get download -qq docker-registry && dpkg-deb -x docker-registry_*.deb . && rm docker-registry_*.deb)
}
