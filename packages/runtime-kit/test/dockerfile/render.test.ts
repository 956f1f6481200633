import { describe, expect, test } from 'vitest';
import { configSchema, toRuntime, type Variant } from '../../src/catalog/index.js';
import { renderDockerfile, renderDockerignore } from '../../src/dockerfile/index.js';
import { manifestSchema } from '../../src/manifest/schema.js';
import { TOY_TEMPLATE, toyManifest } from '../support/toy.js';

const config = configSchema.parse({ apiVersion: 'runtime-kit/v1', source: 'https://example.org' });

function variantOf(changes: Record<string, unknown> = {}): Variant {
  const manifest = manifestSchema.parse(
    toyManifest({ vars: { tool: 'toys-{{version}}' }, ...changes }),
  );
  const [variant] = toRuntime('/toy', manifest).variants;
  if (!variant) throw new Error('no variant');
  return variant;
}

const render = (template: string, changes?: Record<string, unknown>) =>
  renderDockerfile(variantOf(changes), template, 'toy/Dockerfile.template', config);

describe('a Dockerfile', () => {
  test('is the template with every name filled in', () => {
    expect(render(TOY_TEMPLATE)).toMatchInlineSnapshot(`
      "# Generated from runtime.yaml and Dockerfile.template by \`runtime-kit generate\`. Do not edit.
      ARG BASE=debian:trixie-slim
      ARG TRUSTED_CA=scratch
      FROM \${TRUSTED_CA} AS trusted-ca
      FROM \${BASE} AS base

      FROM base AS build
      RUN --mount=type=bind,from=trusted-ca,target=/run/trusted-ca if [ -s /run/trusted-ca/ca.crt ]; then export SSL_CERT_FILE=/run/trusted-ca/ca.crt CURL_CA_BUNDLE=/run/trusted-ca/ca.crt NODE_EXTRA_CA_CERTS=/run/trusted-ca/ca.crt PIP_CERT=/run/trusted-ca/ca.crt REQUESTS_CA_BUNDLE=/run/trusted-ca/ca.crt; fi; install toys-1.10

      FROM scratch AS runtime
      COPY server /server
      LABEL org.opencontainers.image.title="Toy 1.10 function runtime" \\
            org.opencontainers.image.version="1.10" \\
            org.opencontainers.image.source="https://example.org" \\
            io.runtime-kit.contract="1" \\
            io.runtime-kit.runtime="toy1.10" \\
            io.runtime-kit.language="toy" \\
            io.runtime-kit.version="1.10" \\
            io.runtime-kit.capabilities="data=parsed,checks=load,cancellation=none"
      USER 1000
      ENTRYPOINT ["/server/toy1.10"]
      "
    `);
  });

  test.each([
    [
      'a name without a value',
      'FROM x AS runtime\n{{vars.missing}}',
      '{{vars.missing}} has no value',
    ],
    ['a part that is not there', '{{> root}}', 'no part "{{> root}}"'],
    ['logic', '{{#vars}}x{{/vars}}', 'templates have no logic'],
    ['a tag that is not closed', '{{version', 'Unclosed'],
    ['a missing runtime stage', 'FROM x AS build', 'no stage "runtime"'],
    ['a missing build stage', 'FROM x AS runtime', 'no stage "build"'],
  ])('refuses %s, naming the file', (_, template, message) => {
    expect(() => render(template)).toThrow(message);
    expect(() => render(template)).toThrow('toy/Dockerfile.template');
  });

  test('refuses values that refer to themselves', () => {
    expect(() => render('{{vars.tool}}', { vars: { tool: '{{vars.tool}}' } })).toThrow('circle');
  });

  test("takes a version's own value before the language's", () => {
    const [, newest] = toyManifest().versions;
    const text = render(TOY_TEMPLATE, { versions: [{ ...newest, vars: { tool: 'own' } }] });
    expect(text).toContain('install own');
  });

  test('uses nothing that an engine 20.10 cannot read', () => {
    const text = render(TOY_TEMPLATE.replace('FROM base', '{{> root}}\nFROM base'), {
      root: { packages: ['toy'] },
    });
    expect(text).not.toMatch(/<<|--link|^#\s*syntax=/m);
    expect(text).toContain('status.d');
  });
});

test('.dockerignore lets in the inputs and nothing else', () => {
  const lines = renderDockerignore(variantOf().runtime.manifest).split('\n');
  expect(lines.slice(1, 3)).toEqual(['*', '!server/**']);
});
