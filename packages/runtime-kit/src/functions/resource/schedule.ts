import { Cron } from 'croner';
import { messageOf, RuntimeKitError } from '../../errors.js';

/** @throws RuntimeKitError USAGE where a cluster would refuse it: five fields, or a name such as @hourly */
export function checkSchedule(schedule: string): void {
  try {
    new Cron(schedule, { mode: '5-part', paused: true });
  } catch (error) {
    throw new RuntimeKitError(
      'USAGE',
      `--schedule "${schedule}" is no schedule: ${reason(error)}`,
      {
        hint: 'give five fields (minute, hour, day, month, weekday), such as "*/10 * * * *" for every ten minutes',
      },
    );
  }
}

function reason(error: unknown): string {
  const message = messageOf(error).replace(/^CronPattern: /, '');
  // croner also takes seconds and years, which clusters do not.
  return /parts are required|mode/.test(message) ? 'it has not five fields' : message;
}
