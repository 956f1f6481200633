// The program of a front's container. Beside it lie target.json, which says where calls go and is read again
// on SIGHUP, and state.json, which says what came of it.
import { readFileSync, writeFileSync } from 'node:fs';
import { Front, type Upstream } from './forward.js';

const PORT = 8080;
const file = (name: string) => new URL(name, import.meta.url);

const front = new Front((state) => writeFileSync(file('state.json'), JSON.stringify(state)));

process.on('SIGHUP', readTarget);
process.on('SIGTERM', () => {
  front.server.close(() => process.exit());
  front.server.closeIdleConnections();
});
readTarget();
front.server.listen(PORT);

function readTarget(): void {
  const target = JSON.parse(readFileSync(file('target.json'), 'utf8')) as Upstream | null;
  if (target) front.turnTo(target);
}
