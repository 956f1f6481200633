/** A mistake that only an image can make, or that only an image can be asked for. */
export interface ImageMutant {
  name: string;
  /** Dockerfile lines on top of the reference image, or of its build image. */
  lines: string[];
  image?: 'build';
}

const told = (name: string, ...lines: string[]): ImageMutant => ({
  name,
  lines: [...lines, telling(name)],
});

function telling(name: string): string {
  return `ENV RUNTIME_KIT_MUTANT=${name}`;
}

const toldToPhases = (name: string): ImageMutant => ({ ...told(name), image: 'build' });

/** Whether the server is told to break the rule, or the image around it does. */
export function isTold({ name, lines }: ImageMutant): boolean {
  return lines.includes(telling(name));
}

/** As MUTANTS: by the rule that is broken. Lines take files from the stage `tools` and the context. */
export const IMAGE_MUTANTS: Record<string, ImageMutant[]> = {
  'process.port': [told('port-fixed')],
  'process.user': [
    { name: 'user-by-name', lines: ['USER function'] },
    {
      name: 'files-of-one-user',
      lines: ['COPY --chown=1000:1000 --chmod=400 server/answer.js /opt/reference/answer.js'],
    },
    told('user-needs-a-name'),
  ],
  'process.readonly': [
    told('writes-beside-itself', 'COPY --chmod=666 server/main.js /opt/reference/process-id'),
  ],
  'failure.memory': [
    told('out-of-memory-exits-0'),
    told('out-of-memory-for-good', 'ENV FUNC_WORKERS=1'),
  ],
  'image.labels': [
    { name: 'label-empty', lines: ['LABEL org.opencontainers.image.revision=""'] },
    { name: 'label-of-another', lines: ['LABEL io.runtime-kit.language="other"'] },
    { name: 'contract-of-another', lines: ['LABEL io.runtime-kit.contract="2"'] },
    { name: 'created-some-day', lines: ['LABEL org.opencontainers.image.created="some day"'] },
    { name: 'base-by-tag', lines: ['LABEL org.opencontainers.image.base.digest="latest"'] },
  ],
  'image.lean': [
    { name: 'has-a-shell', lines: ['COPY --from=tools /bin/sh /usr/bin/dash'] },
    { name: 'has-a-hidden-shell', lines: ['COPY --from=tools /bin/sh /opt/tools/sh'] },
    { name: 'has-a-package-manager', lines: ['COPY --from=tools /usr/bin/dpkg /usr/bin/dpkg'] },
    { name: 'has-a-compiler', lines: ['COPY --from=tools /usr/bin/gcc /usr/bin/gcc-14'] },
    { name: 'has-a-setuid-file', lines: ['COPY --from=tools /tools/setuid /usr/bin/mount'] },
    { name: 'has-a-setgid-file', lines: ['COPY --from=tools /tools/setgid /opt/tools/chage'] },
  ],
  'install.deps': [toldToPhases('installs-elsewhere')],
  'install.registry': [
    toldToPhases('credentials-in-log'),
    toldToPhases('credentials-on-volume'),
    toldToPhases('private-registry-ignored'),
    toldToPhases('private-ca-ignored'),
    toldToPhases('any-ca-trusted'),
  ],
  'install.bad': [
    toldToPhases('bad-install-passes'),
    toldToPhases('bad-install-unsaid'),
    toldToPhases('bad-install-without-reason'),
  ],
  'compile.go': [toldToPhases('compiles-online')],
  'compile.error': [
    toldToPhases('compile-error-passes'),
    toldToPhases('compile-error-without-reason'),
    toldToPhases('compile-error-without-line'),
  ],
  'compile.legacy': [
    toldToPhases('legacy-file-ignored'),
    toldToPhases('legacy-file-at-length'),
    toldToPhases('compile-error-unsaid'),
  ],
};
