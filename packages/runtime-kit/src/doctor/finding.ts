/** One thing that was looked at. `missing` stops builds; `warning` limits what can be done. */
export interface Finding {
  name: string;
  status: 'ok' | 'warning' | 'missing';
  detail: string;
  /** What to do about it. */
  fix?: string;
}
