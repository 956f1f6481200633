/** Instructions that BuildKit counts as steps of a stage. */
const COUNTED = new Set(['FROM', 'RUN', 'COPY', 'ADD', 'WORKDIR']);

/**
 * The line (from 1) at which a step of BuildKit's progress begins in its Dockerfile.
 *
 * @param step BuildKit's name of it, `[root 2/3] RUN …`; stages without a name go by their number
 *   as `stage-0`.
 */
export function lineOfStep(dockerfile: string, step: string): number | undefined {
  const match = /^\[(\S+) +(\d+)\/\d+\]/.exec(step);
  if (!match) return undefined;
  const [, stage, number] = match;
  let current = '';
  let stages = 0;
  let count = 0;
  for (const { line, keyword, text } of instructions(dockerfile)) {
    if (keyword === 'FROM') {
      current = /\sAS\s+(\S+)\s*$/i.exec(text)?.[1] ?? `stage-${stages}`;
      stages++;
      count = 0;
    }
    if (COUNTED.has(keyword)) count++;
    if (current === stage && count === Number(number) && COUNTED.has(keyword)) return line;
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
