import { RuntimeKitError } from '../../errors.js';

/** Rejects when the signal aborts, and never resolves. @throws RuntimeKitError INTERRUPTED */
export function interruption(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    const interrupt = () => reject(new RuntimeKitError('INTERRUPTED', 'the run was interrupted'));
    if (signal?.aborted) interrupt();
    signal?.addEventListener('abort', interrupt, { once: true });
  });
}
