let next = 0;
const asked = new Map();
const started = new Map();

process.on('message', ({ type, id, text }) => {
  if (type !== 'page') return;
  asked.get(id)?.(text);
  asked.delete(id);
});

/** The metrics of the whole container, which the primary keeps. */
export function metricsPage() {
  const id = next++;
  return new Promise((resolve) => {
    asked.set(id, resolve);
    process.send({ type: 'page', id });
  });
}

export function reportStart(method) {
  const id = next++;
  started.set(id, performance.now());
  process.send({ type: 'start', id, method });
  return id;
}

/** Resolves when the primary has it: the next page shows the call. */
export function reportEnd(id, outcome) {
  const seconds = (performance.now() - (started.get(id) ?? 0)) / 1000;
  started.delete(id);
  return new Promise((resolve) => process.send({ type: 'end', id, seconds, ...outcome }, resolve));
}
