/**
 * The parts that every template shares. They are shell and Dockerfile text that an engine from
 * 20.10 on reads with its built-in frontend: no heredocs, no `# syntax=` line.
 */

export const STAGES = `ARG BASE={{base}}
ARG TRUSTED_CA=scratch
FROM \${TRUSTED_CA} AS trusted-ca
FROM \${BASE} AS base
`;

/** Mounts the private CA, an empty folder where there is none, for one RUN step. */
export const CA_MOUNT = '--mount=type=bind,from=trusted-ca,target=/run/trusted-ca';

/** Each tool has its own variable for a CA bundle; all are set for the one step. */
export const CA_USE = `if [ -s /run/trusted-ca/ca.crt ]; then export ${[
  'SSL_CERT_FILE',
  'CURL_CA_BUNDLE',
  'NODE_EXTRA_CA_CERTS',
  'PIP_CERT',
  'REQUESTS_CA_BUNDLE',
]
  .map((name) => `${name}=/run/trusted-ca/ca.crt`)
  .join(' ')}; fi;`;

/** What no server needs and every Debian package brings. Copyright files stay. */
const REMOVED = [
  'usr/share/man',
  'usr/share/info',
  'usr/share/locale',
  'usr/share/lintian',
  'usr/share/bug',
  'usr/share/doc-base',
  'usr/share/menu',
  'usr/share/pixmaps',
  'usr/share/applications',
  'usr/share/bash-completion',
  'usr/share/zsh',
  'etc/apt',
  'etc/cron.d',
  'etc/cron.daily',
  'etc/init.d',
  'etc/logrotate.d',
  'etc/systemd',
  'usr/lib/systemd',
  'usr/lib/tmpfiles.d',
  'usr/lib/sysusers.d',
];

const steps = (...lines: string[]) => lines.join(' \\\n    && ');

export interface RootPackages {
  packages: string[];
  exclude: string[];
  remove: string[];
}

/**
 * The stage `root`. The packages' closure comes from apt's own resolver on an empty dpkg status;
 * they are unpacked, never configured, so no maintainer script and no shell is needed in the image.
 * What was unpacked is kept in `var/lib/dpkg/status.d`, where scanners look in images without dpkg.
 */
export function rootStage({ packages, exclude, remove }: RootPackages): string {
  const excluded = ['dpkg', ...exclude].join(' ');
  return `FROM base AS root
RUN --mount=type=cache,id=apt-{{suite}},target=/var/cache/apt,sharing=locked \\
    ${steps(
      'set -eu',
      'rm -f /etc/apt/apt.conf.d/docker-clean /var/cache/apt/*.bin',
      'apt-get update -qq',
      'mkdir -p /var/cache/apt/root /rootfs && cd /var/cache/apt/root',
      `for part in bin sbin lib lib64; do mkdir -p /rootfs/usr/$part && ln -s usr/$part /rootfs/$part; done`,
      ': > /tmp/status',
      `apt-get install --simulate --no-install-recommends -o Dir::State::status=/tmp/status ${packages.join(' ')} > /tmp/closure`,
      `sed -n 's/^Inst \\([^ ]*\\) (\\([^ ]*\\).*/\\1=\\2/p' /tmp/closure | while IFS== read -r name version; do case " ${excluded} " in *" $name "*) ;; *) echo "$name=$version" ;; esac; done > /tmp/packages`,
      'apt-get download -qq $(cat /tmp/packages) ca-certificates',
      'mkdir -p /rootfs/var/lib/dpkg/status.d',
      `while IFS== read -r name version; do file=$(ls "$name"_"$(echo "$version" | sed 's/:/%3a/')"_*.deb); dpkg-deb --fsys-tarfile "$file" | tar -x --keep-directory-symlink -C /rootfs; dpkg-deb --field "$file" > "/rootfs/var/lib/dpkg/status.d/$name"; done < /tmp/packages`,
      'dpkg-deb -x "$(ls -t ca-certificates_*.deb | head -n 1)" /tmp/ca',
      'mkdir -p /rootfs/etc/ssl/certs && cat /tmp/ca/usr/share/ca-certificates/mozilla/*.crt > /rootfs/etc/ssl/certs/ca-certificates.crt',
    )}
RUN ${steps(
    'set -eu',
    'cd /rootfs',
    'find usr/share/doc -type f ! -name copyright -delete',
    'find usr/share/doc -type l -delete',
    `rm -rf ${[...REMOVED, ...remove].join(' ')}`,
    'find . -xdev -perm /6000 -type f -exec chmod ug-s {} +',
    'find usr/share/doc -type d -empty -delete',
    'mkdir -p tmp etc proc sys dev kubeless home/function',
    'chmod 1777 tmp && chown 1000:1000 kubeless home/function',
    `printf 'root:x:0:0:root:/root:/sbin/nologin\\nfunction:x:1000:1000:function:/home/function:/sbin/nologin\\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\\n' > etc/passwd`,
    `printf 'root:x:0:\\nfunction:x:1000:\\nnogroup:x:65534:\\n' > etc/group`,
    `printf 'hosts: files dns\\n' > etc/nsswitch.conf`,
    'ldconfig -r /rootfs',
  )}
`;
}
