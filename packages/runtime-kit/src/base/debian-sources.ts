import type { Mirrors } from '../catalog/index.js';

/** In every Debian root: who mirrors the archive cannot sign for it. */
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** The lines of a sources.list that take a release from mirrors; none where they are not configured. */
export function debianSources({ debian, debianSecurity }: Mirrors, suite: string): string[] {
  if (debian === undefined || debianSecurity === undefined) return [];
  return [
    `deb [signed-by=${KEYRING}] ${debian} ${suite} main`,
    `deb [signed-by=${KEYRING}] ${debian} ${suite}-updates main`,
    `deb [signed-by=${KEYRING}] ${debianSecurity} ${suite}-security main`,
  ];
}
