# shellcheck shell=sh
# Whether the phase is to break the contract in this one way, as in ../server/broken.js.
broken() {
  [ "${RUNTIME_KIT_MUTANT:-}" = "$1" ]
}
