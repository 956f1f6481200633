import { type Base, ensureBase, ensureBuildFiles } from '../../base/index.js';
import type { Catalog } from '../../catalog/index.js';
import { expand } from '../../dockerfile/index.js';
import { CA_MOUNT, CA_USE, STAGES } from '../../dockerfile/partials.js';
import { type Engine, packFiles } from '../../engine/index.js';

const SUITE = 'trixie';
/**
 * The newest that the release's own Rust compiles. It must have one TLS library, used or not. Optimizing
 * across crates, as its own settings do, takes minutes more.
 */
const OHA_VERSION = '1.11.0';

/** Marks the images that benchmarks make, which `bench --clean` removes. */
export const BENCH_LABEL = 'io.runtime-kit.bench';

/**
 * The tools, each a stage: `wrk` for runs at full load, from Debian; `oha` for runs at a given rate,
 * compiled from its registry; `static`, a web server that is one static binary, against which starts
 * are held.
 */
const DOCKERFILE = `${STAGES}
FROM base AS wrk
RUN apt-get update -qq && apt-get install -qq --yes --no-install-recommends wrk busybox-static >/dev/null \\
    && rm -rf /var/lib/apt/lists/*

FROM scratch AS static
COPY --from=wrk /bin/busybox /busybox
COPY index.html /www/index.html
USER 1000
EXPOSE 8080
ENTRYPOINT ["/busybox", "httpd", "-f", "-p", "8080", "-h", "/www"]

FROM base AS compiler
RUN apt-get update -qq && apt-get install -qq --yes --no-install-recommends cargo make pkg-config libssl-dev ca-certificates >/dev/null
RUN ${CA_MOUNT} --mount=type=cache,id=cargo,target=/root/.cargo/registry ${CA_USE} \\
    export CARGO_HTTP_CAINFO="\${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}"; \\
    export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16; \\
    cargo install --quiet --locked --no-default-features --features native-tls --root /out oha@${OHA_VERSION}

FROM base AS oha
RUN apt-get update -qq && apt-get install -qq --yes --no-install-recommends libssl3t64 >/dev/null \\
    && rm -rf /var/lib/apt/lists/*
COPY --from=compiler /out/bin/oha /usr/bin/oha
`;

export type Tool = 'wrk' | 'oha' | 'static';

export interface ToolOptions {
  catalog: Catalog & { repository: string };
  onStatus?: (text: string) => void;
  signal?: AbortSignal;
}

/** Builds the image of a tool, or finds that nothing changed; returns its name. */
export async function ensureTool(
  engine: Engine,
  tool: Tool,
  { catalog, onStatus, signal }: ToolOptions,
): Promise<string> {
  const { config } = catalog;
  const [base, files] = await Promise.all([
    ensureBase(engine, {
      config,
      suite: SUITE,
      ...(onStatus ? { onStatus } : {}),
      ...(signal ? { signal } : {}),
    }),
    ensureBuildFiles(engine, catalog, SUITE),
  ]);
  const name = `${config.prefix}/bench-${tool}:${SUITE}`;
  if (!(await engine.images.find(name)))
    onStatus?.(tool === 'oha' ? 'compiling oha, once; this takes minutes' : `building ${tool}`);
  await engine.images.build({
    context: packFiles([
      { path: 'Dockerfile', content: files.dockerfile(toolDockerfile(base)) },
      { path: 'index.html', content: 'hello world' },
    ]),
    dockerfile: 'Dockerfile',
    target: tool,
    tags: [name],
    args: { BASE: base.name, ...files.args },
    labels: { [BENCH_LABEL]: tool },
    ...(signal ? { signal } : {}),
  });
  return name;
}

function toolDockerfile({ name }: Base): string {
  return expand(DOCKERFILE, { base: name }, 'the Dockerfile of the load tools');
}
