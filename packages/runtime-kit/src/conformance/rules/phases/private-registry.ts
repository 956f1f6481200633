import type { Case } from '../../rule.js';
import type { PhaseResult, Prepared, RegistryAccess } from '../../targets/target.js';
import { answers, check, contains, equal, lacks } from '../../testing/expect.js';

/** A package that the private registry has. */
export const PACKAGE = 'private-4711';
const FIXTURE = 'with-private-dependency';

export const privateRegistryCases: Case[] = [
  {
    name: 'a package comes by credentials of a mounted file and a private CA',
    needs: ['container'],
    limit: 120,
    run: async (t) => {
      const registry = await t.privateRegistry();
      const access = registry.access();
      const server = await t.start({ fixture: FIXTURE, registry: access });
      const answer = await server.fetch('/');
      answers(answer, { status: 200 });
      contains(answer.text(), `dependency ok: ${PACKAGE}`, 'the answer');
      const given = registry.requests(access).filter(({ status }) => status === 200);
      check(given.length > 0, 'the registry gave nothing for the credentials of the mounted file');
    },
  },
  {
    name: 'the credentials are in no log and nowhere on the volume',
    needs: ['container'],
    limit: 120,
    run: async (t) => {
      const access = (await t.privateRegistry()).access();
      const prepared = await t.prepared({ fixture: FIXTURE, registry: access });
      const installation = installationOf(prepared);
      equal(installation.code, 0, 'exit code of the installation');
      keepsSecrets(installation, access);
      for (const [path, content] of await prepared.added())
        for (const secret of access.secrets)
          check(!content.includes(secret), `the credentials are on the volume, in ${path}`);
    },
  },
  {
    name: 'without credentials it fails and names the package',
    needs: ['container'],
    limit: 120,
    run: async (t) => {
      const access = (await t.privateRegistry()).access({ credentials: false });
      const prepared = await t.prepared({ fixture: FIXTURE, registry: access });
      const said = saidOnFailure(prepared, PACKAGE);
      contains(said, /401|authenticat|credential/i, "the tool's own message");
    },
  },
  {
    name: 'without the private CA it fails and names the package',
    needs: ['container'],
    limit: 120,
    run: async (t) => {
      const registry = await t.privateRegistry();
      const access = registry.access({ authority: false });
      const prepared = await t.prepared({ fixture: FIXTURE, registry: access });
      const said = saidOnFailure(prepared, PACKAGE);
      contains(said, /certificate/i, "the tool's own message");
      equal(registry.requests(access), [], 'requests to a registry that was not to be trusted');
    },
  },
  {
    name: 'only the packages of a scope come from it',
    needs: ['container'],
    limit: 120,
    inapplicable: ({ privateRegistry }) =>
      privateRegistry?.scope
        ? undefined
        : 'the manifest names no scopes with registries of their own',
    run: async (t) => {
      const registry = await t.privateRegistry();
      const access = registry.access({ scope: true });
      const server = await t.start({ fixture: 'with-scoped-dependency', registry: access });
      const answer = await server.fetch('/');
      answers(answer, { status: 200 });
      contains(answer.text(), `dependency ok: ${SCOPED}, ${PUBLIC}`, 'the answer');
      const paths = registry.requests(access).map(({ path }) => path);
      const [outside, inside] = [true, false].map((is) =>
        paths.filter((path) => path.startsWith('/public/') === is),
      );
      check(
        inside?.some((path) => path.includes(PACKAGE)),
        'nothing came from the registry',
      );
      lacks(String(inside), PUBLIC, 'paths that the private registry was asked for');
      lacks(String(outside), PACKAGE, 'paths that the public registry was asked for');
    },
  },
];

const SCOPED = `@${PACKAGE}/scoped`;
const PUBLIC = 'public-4711';

export function installationOf({ phases }: Prepared): PhaseResult {
  const [installation] = phases;
  check(installation?.step === 'installation', 'the installation phase did not run');
  return installation;
}

/** What a failed installation said; the log and the termination log must name what it was about. */
export function saidOnFailure(prepared: Prepared, name: string): string {
  const installation = installationOf(prepared);
  check(installation.code !== 0, 'the installation ended with 0');
  const said = installation.stdout + installation.stderr;
  contains(said, name, "the tool's own message");
  contains(installation.termination, name, 'the termination log');
  return said;
}

export function keepsSecrets(
  { stdout, stderr, termination }: PhaseResult,
  { secrets }: RegistryAccess,
): void {
  for (const secret of secrets) {
    lacks(stdout + stderr, secret, 'the log of the installation');
    lacks(termination, secret, 'the termination log');
  }
}
