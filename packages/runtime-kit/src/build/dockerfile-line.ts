/** Instructions that are a step of their stage; FROM is one where it brings an image. */
const STEPS = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);

/**
 * The line (from 1) at which a step of BuildKit's progress begins in its Dockerfile.
 *
 * @param step BuildKit's name of it, `[root 2/3] RUN …`; stages without a name go by their number
 *   as `stage-0`.
 */
export function lineOfStep(dockerfile: string, step: string): number | undefined {
  const [, wantedStage, wantedNumber] = /^\[(\S+) +(\d+)\/\d+\]/.exec(step) ?? [];
  const stages: string[] = [];
  let count = 0;
  for (const { line, keyword, text } of instructions(dockerfile)) {
    let isStep = STEPS.has(keyword);
    if (keyword === 'FROM') {
      const [, source = '', name] =
        /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(text) ?? [];
      // BuildKit does not count `FROM scratch` and `FROM earlier-stage`: there is nothing to do.
      isStep = source !== 'scratch' && !stages.includes(source);
      stages.push(name ?? `stage-${stages.length}`);
      count = 0;
    }
    if (isStep) count++;
    if (isStep && stages.at(-1) === wantedStage && count === Number(wantedNumber)) return line;
  }
  return undefined;
}

/** Instructions with the line each begins at; continued lines belong to the one before. */
function* instructions(dockerfile: string) {
  let continued = false;
  for (const [index, text] of dockerfile.split('\n').entries()) {
    if (/^\s*(#|$)/.test(text)) continue;
    if (!continued) {
      const keyword = /^\s*([a-z]+)/i.exec(text)?.[1]?.toUpperCase() ?? '';
      yield { line: index + 1, keyword, text };
    }
    continued = text.trimEnd().endsWith('\\');
  }
}
