import { fetchFrom } from '../../conformance/testing/http.js';
import { LABELS } from './labels.js';
import { type DeployedFunction, serverOrigin } from './list.js';

const LIMIT_MS = 2000;

/** Whether its server runs and says, or shows, that it can be called. */
export async function isReady(deployed: DeployedFunction): Promise<boolean> {
  const origin = serverOrigin(deployed);
  if (origin === undefined || !deployed.front?.running) return false;
  const answer = await fetchFrom(origin, '/healthz', { limitMs: LIMIT_MS }).catch(() => undefined);
  if (!answer) return false;
  return answer.status === 200 || deployed.server?.labels[LABELS.probe] === 'answer';
}
