/** What a cluster's strictest policy asks of a container, and a writable /tmp to go with it. */
export const CONFINED = {
  readOnlyRoot: true,
  dropCapabilities: true,
  noNewPrivileges: true,
} as const;

export const TMP = { '/tmp': 'rw,nosuid,nodev,mode=1777,size=64m' };
