import { Listr } from 'listr2';
import type { BuildEvent, BuildListener, BuildResult, PlannedBuild } from '../build/index.js';
import { mebibytes, seconds } from './print.js';

type Work = (onEvent: BuildListener) => Promise<BuildResult[]>;

/** Shows a build as it goes: a live list on a terminal, plain lines elsewhere, both on stderr. */
export function followBuilds(planned: PlannedBuild[], work: Work): Promise<BuildResult[]> {
  return process.stderr.isTTY && !process.env.CI ? liveList(planned, work) : work(plainLine);
}

function plainLine(event: BuildEvent): void {
  const text = describe(event);
  if (text !== undefined) process.stderr.write(`${event.runtime}: ${text}\n`);
}

async function liveList(planned: PlannedBuild[], work: Work): Promise<BuildResult[]> {
  const ends = new Map(planned.map(({ variant }) => [variant.id, withResolvers()]));
  const show = new Map<string, (text: string) => void>();
  const list = new Listr(
    planned.map(({ variant: { id } }) => ({
      title: id,
      task: (_, task) => {
        show.set(id, (text) => {
          task.output = text;
        });
        return ends.get(id)?.promise;
      },
    })),
    {
      concurrent: true,
      exitOnError: false,
      rendererOptions: { collapseErrors: true },
    },
  );
  const listed = list.run();
  const results = await work((event) => {
    const text = describe(event);
    if (text !== undefined) show.get(event.runtime)?.(text);
    if (event.type === 'kept' || event.type === 'built') ends.get(event.runtime)?.resolve();
    if (event.type === 'failed') ends.get(event.runtime)?.reject(new Error('failed'));
  });
  await listed;
  return results;
}

/** One line about an event; undefined where it is not worth one. */
function describe(event: BuildEvent): string | undefined {
  switch (event.type) {
    case 'base':
      return event.text;
    case 'target':
      return `building ${event.name}`;
    case 'step':
      return event.step.state === 'running' && event.step.name.startsWith('[')
        ? shorten(event.step.name)
        : undefined;
    case 'kept':
      return `kept: ${event.reason}`;
    case 'built':
      return `built in ${seconds(event.record.durationMs)}, ${mebibytes(event.record.images.runtime.sizeBytes)}`;
    case 'failed':
      return 'failed';
    case 'log':
      return undefined;
  }
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function withResolvers() {
  let resolve = (): void => {};
  let reject = (_: Error): void => {};
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
