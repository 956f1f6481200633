import { suiteHash } from '../../build/index.js';
import type { Variant } from '../../catalog/index.js';
import { RuntimeKitError } from '../../errors.js';
import { type LockedVerdict, sha256 } from '../lock.js';
import { casesSkipped, objections, omissions } from '../objections.js';
import type { Sources } from './sources.js';

/**
 * What the report on this machine proves of the images.
 *
 * @throws RuntimeKitError PIN_REFUSED with every objection, unless `allowUnverified`
 */
export async function verdictOf(
  variant: Variant,
  { record, evidence, report }: Sources,
  allowUnverified: boolean,
): Promise<LockedVerdict> {
  const { runtime, build } = record.images;
  if (!evidence || report === undefined)
    return refuse(variant, ['it was never verified here'], allowUnverified);
  const suite = await suiteHash(variant.runtime);
  const found = [
    ...objections(evidence, { runtime: runtime.id, build: build?.id }),
    ...(evidence.suite === suite
      ? omissions(evidence, variant)
      : ['the report is of another suite']),
  ];
  const [target] = evidence.report.targets;
  if (found.length > 0 || !target) return refuse(variant, found, allowUnverified);
  const { failed: _, ...rules } = target.summary;
  return {
    verdict: 'passed',
    report: sha256(report),
    suite: evidence.suite,
    verifiedAt: evidence.report.started,
    rules,
    casesSkipped: casesSkipped(evidence.report),
  };
}

function refuse({ id }: Variant, reasons: string[], allowUnverified: boolean): LockedVerdict {
  if (allowUnverified) return { verdict: 'unverified', reason: reasons.join('; ') };
  throw new RuntimeKitError(
    'PIN_REFUSED',
    `${id}: no report proves these images\n  ${reasons.join('\n  ')}`,
    {
      hint: `run \`npx runtime-kit verify ${id}\`; --allow-unverified pins it all the same, and the lock says so`,
    },
  );
}
