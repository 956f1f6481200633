/**
 * A typed function: an editor and tsc know what event and context hold. The imports are of types
 * alone, so the compiled function needs no package. `npx tsc` makes the order.js that is deployed.
 */
import type { Context, Event } from 'nodejs-runtime';

interface Order {
  item: string;
  count: number;
}

export function place(event: Event<Order>, context: Context) {
  event.extensions.response.status(201);
  return {
    item: event.data.item,
    count: event.data.count,
    id: event['event-id'],
    'placed by': context['function-name'],
  };
}
