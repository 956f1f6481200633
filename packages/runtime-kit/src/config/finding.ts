/** What `config check` has to say of a place in a configuration. */
export interface Finding {
  /** An error stops functions from running, or is not what was pinned; a warning may be meant so. */
  level: 'error' | 'warning';
  check: Check;
  /** A runtime and phase, `toy1.10 runtime`, or a path, `[0].versions[1].images`. */
  where: string;
  message: string;
}

/** In the order in which `config check` asks. */
export type Check =
  | 'structure'
  | 'unknown-field'
  | 'old-structure'
  | 'name'
  | 'duplicate'
  | 'phases'
  | 'tag'
  | 'pin'
  | 'unverified'
  | 'registry'
  | 'architecture'
  | 'end-of-life'
  | 'unknown-runtime'
  | 'probe';

export function error(check: Check, where: string, message: string): Finding {
  return { level: 'error', check, where, message };
}

export function warning(check: Check, where: string, message: string): Finding {
  return { level: 'warning', check, where, message };
}
