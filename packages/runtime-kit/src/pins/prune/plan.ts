import type { Found } from './found.js';

export interface Pruned extends Omit<Found, 'members'> {
  /** Why it stays; undefined where nothing refers to it. */
  stays: string | undefined;
}

/** Says of each manifest why it stays. A list that goes still keeps its members: they go the next time. */
export function planPrune(found: Found[], pinned: Set<string>, pushed: Set<string>): Pruned[] {
  const lists = new Map(
    found.flatMap(({ members, digest }) => members.map((member) => [member, digest] as const)),
  );
  const reason = (digest: string) => {
    if (pinned.has(digest)) return 'pinned now or in git history';
    if (pushed.has(digest)) return 'pushed last from here';
    const list = lists.get(digest);
    return list && `listed by ${list}`;
  };
  return found.map(({ members: _, ...manifest }) => ({
    ...manifest,
    stays: reason(manifest.digest),
  }));
}
