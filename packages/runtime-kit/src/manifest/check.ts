import { z } from 'zod';

/** A problem in a document: where it is (`versions[1].endOfLife`) and what is wrong with it. */
export interface Problem {
  path: string;
  message: string;
}

const textIfAny = z.string().optional().catch(undefined);

/** The fields that can contradict each other, each undefined where it is of a wrong type. */
const comparable = z
  .object({
    versions: z
      .array(
        z
          .object({ version: textIfAny, released: textIfAny, endOfLife: textIfAny })
          .catch({ version: undefined, released: undefined, endOfLife: undefined }),
      )
      .catch([]),
    capabilities: z.object({ checks: textIfAny }).catch({ checks: undefined }),
    phases: z.object({ compilation: z.unknown() }).catch({ compilation: undefined }),
  })
  .catch({ versions: [], capabilities: { checks: undefined }, phases: { compilation: undefined } });

type Comparable = z.infer<typeof comparable>;

/**
 * What the schema cannot see: contradictions between fields.
 *
 * @param document may break the schema elsewhere, so that everything is reported at once.
 */
export function contradictions(document: unknown): Problem[] {
  const fields = comparable.parse(document);
  return [...repeatedVersions(fields), ...impossibleDates(fields), ...phaseProblems(fields)];
}

function repeatedVersions({ versions }: Comparable): Problem[] {
  return versions.flatMap(({ version }, index) => {
    const first = versions.findIndex((other) => other.version === version);
    if (version === undefined || first === index) return [];
    return [
      {
        path: `versions[${index}].version`,
        message: `${version} stands at versions[${first}] already`,
      },
    ];
  });
}

function impossibleDates({ versions }: Comparable): Problem[] {
  return versions.flatMap(({ released, endOfLife }, index) => {
    if (released === undefined || endOfLife === undefined || endOfLife > released) return [];
    return [
      {
        path: `versions[${index}].endOfLife`,
        message: `${endOfLife} is not after the release, ${released}`,
      },
    ];
  });
}

function phaseProblems({ capabilities, phases }: Comparable): Problem[] {
  const path = 'capabilities.checks';
  const compiles = phases.compilation !== undefined;
  if (capabilities.checks === 'compile' && !compiles)
    return [{ path, message: '"compile" needs phases.compilation, which is missing' }];
  if (capabilities.checks === 'load' && compiles)
    return [
      {
        path,
        message: '"load" contradicts phases.compilation: a bad function shows itself there',
      },
    ];
  return [];
}
