/** A piece of time, in ms of one clock. */
export interface Span {
  from: number;
  to: number;
}

/** How much of the one lies within the other. */
export function spanned(one: Span, other: Span): number {
  return Math.max(0, Math.min(one.to, other.to) - Math.max(one.from, other.from));
}
