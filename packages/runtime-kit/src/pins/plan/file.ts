import { readFile } from 'node:fs/promises';
import { messageOf, RuntimeKitError } from '../../errors.js';
import { problemsOf } from '../../manifest/load.js';
import { writeTogether } from '../write.js';
import { type PinPlan, planSchema } from './schema.js';

export async function writePlan(file: string, plan: PinPlan): Promise<void> {
  await writeTogether(new Map([[file, `${JSON.stringify(plan, null, 2)}\n`]]));
}

/** @throws RuntimeKitError USAGE where the file is no plan */
export async function readPlan(file: string): Promise<PinPlan> {
  const document = await readFile(file, 'utf8')
    .then((text): unknown => JSON.parse(text))
    .catch((error: unknown) => {
      throw noPlan(file, messageOf(error), error);
    });
  const parsed = planSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const [first] = problemsOf(parsed.error);
  throw noPlan(file, `${first?.path}: ${first?.message}`, parsed.error);
}

function noPlan(file: string, reason: string, cause: unknown): RuntimeKitError {
  return new RuntimeKitError('USAGE', `${file} is no plan of pins: ${reason}`, {
    hint: `write one by \`runtime-kit pin plan --out ${file}\``,
    cause,
  });
}
