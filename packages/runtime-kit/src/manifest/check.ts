import type { Manifest } from './schema.js';

/** A problem in a document: where it is (`versions[1].endOfLife`) and what is wrong with it. */
export interface Problem {
  path: string;
  message: string;
}

/** What the schema cannot see: contradictions between fields. */
export function contradictions(manifest: Manifest): Problem[] {
  return [...repeatedVersions(manifest), ...impossibleDates(manifest), ...phaseProblems(manifest)];
}

function repeatedVersions({ versions }: Manifest): Problem[] {
  return versions.flatMap(({ version }, index) => {
    const first = versions.findIndex((other) => other.version === version);
    return first === index
      ? []
      : [
          {
            path: `versions[${index}].version`,
            message: `${version} stands at versions[${first}] already`,
          },
        ];
  });
}

function impossibleDates({ versions }: Manifest): Problem[] {
  return versions.flatMap(({ released, endOfLife }, index) =>
    endOfLife > released
      ? []
      : [
          {
            path: `versions[${index}].endOfLife`,
            message: `${endOfLife} is not after the release, ${released}`,
          },
        ],
  );
}

function phaseProblems({ capabilities, phases }: Manifest): Problem[] {
  if (capabilities.checks === 'compile' && !phases.compilation)
    return [
      {
        path: 'capabilities.checks',
        message: '"compile" needs phases.compilation, which is missing',
      },
    ];
  if (capabilities.checks === 'load' && phases.compilation)
    return [
      {
        path: 'capabilities.checks',
        message: '"load" contradicts phases.compilation: a bad function shows itself there',
      },
    ];
  return [];
}
