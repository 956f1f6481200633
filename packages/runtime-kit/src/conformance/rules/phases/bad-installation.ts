import type { Case } from '../../rule.js';
import type { StartOptions } from '../../targets/target.js';
import type { CaseContext } from '../../testing/context.js';
import { check, equal, inTime } from '../../testing/expect.js';
import { installationOf, keepsSecrets, PACKAGE, saidOnFailure } from './private-registry.js';

const FIXTURE = 'with-private-dependency';
/** Somebody waits for the deployment that fails: retries must come to an end. */
const ENDS_WITHIN_MS = 60_000;
/** A server that finds the package never ends; how quickly the others do is no part of this rule. */
const SERVER_ENDS_WITHIN_MS = 20_000;

export const badInstallationCases: Case[] = [
  {
    name: 'a malformed dependency file',
    needs: ['container'],
    limit: 120,
    run: async (t) => {
      const registry = (await t.privateRegistry()).access();
      const { dependencies } = t.runtime;
      const files = { [dependencies]: '{ "malformed": [4711\n' };
      await installsNothing(t, { fixture: FIXTURE, files, registry }, dependencies);
    },
  },
  {
    name: 'a package that does not exist, beside one that does',
    needs: ['container'],
    limit: 120,
    run: async (t) => {
      const registry = (await t.privateRegistry()).access();
      await installsNothing(t, { fixture: 'bad-dependency', registry }, 'no-such-package-4711');
    },
  },
  {
    name: 'a registry that cannot be reached',
    needs: ['container'],
    limit: 120,
    run: async (t) => {
      const registry = (await t.privateRegistry()).unreachable();
      await installsNothing(t, { fixture: FIXTURE, registry }, PACKAGE);
    },
  },
];

/** The installation fails, names `name` and leaves the volume as it was: no server finds a package. */
async function installsNothing(t: CaseContext, options: StartOptions, name: string): Promise<void> {
  const prepared = await t.prepared(options);
  saidOnFailure(prepared, name);
  const installation = installationOf(prepared);
  if (options.registry) keepsSecrets(installation, options.registry);
  const { durationMs } = installation;
  inTime(durationMs < ENDS_WITHIN_MS, `the installation took ${durationMs} ms to fail`);
  equal([...(await prepared.added()).keys()], [], 'what the failed installation left behind');
  const { code } = await prepared.startFailing(SERVER_ENDS_WITHIN_MS);
  check(code !== 0, 'a server on the volume of the failed installation ended with 0');
}
