/**
 * Every way in which runtime-kit can fail on purpose. `docs/reference/errors.md` lists them, with
 * the exit code of each; a repository test keeps the two equal.
 */
export const ERROR_CODES = {
  USAGE: 2,
  UNKNOWN_SELECTOR: 2,
  UNKNOWN_RULE: 2,
  UNKNOWN_RUNTIME: 2,
  DIFF_FAILED: 2,
  MANIFEST_INVALID: 1,
  CONFIG_INVALID: 1,
  TEMPLATE_INVALID: 1,
  GENERATED_DRIFT: 1,
  END_OF_LIFE: 1,
  CA_UNREADABLE: 1,
  BUILD_FAILED: 1,
  IMAGE_NOT_FOUND: 1,
  VERIFY_FAILED: 1,
  SOAK_FAILED: 1,
  FUZZ_FAILED: 1,
  BENCH_VOID: 1,
  BUDGET_EXCEEDED: 1,
  CREDENTIALS_UNREADABLE: 1,
  REGISTRY_DENIED: 1,
  REGISTRY_REFUSED: 1,
  REGISTRY_UNTRUSTED: 1,
  TAG_TAKEN: 1,
  PIN_INVALID: 1,
  PIN_REFUSED: 1,
  PIN_MOVED: 1,
  BUNDLE_INVALID: 1,
  PRUNE_REFUSED: 1,
  CONFIGMAP_INVALID: 1,
  KUBECONFIG_INVALID: 1,
  CLUSTER_REFUSED: 1,
  CHECK_FAILED: 1,
  FUNCTION_INVALID: 1,
  FUNCTION_EXISTS: 1,
  FUNCTION_NOT_FOUND: 1,
  FUNCTION_FAILED: 1,
  CALL_FAILED: 1,
  PORT_TAKEN: 1,
  ENGINE_MISSING: 69,
  ENGINE_TOO_OLD: 69,
  TOOL_MISSING: 69,
  BASE_UNREACHABLE: 75,
  ENGINE_FAILED: 75,
  BENCH_BUSY: 75,
  REGISTRY_UNREACHABLE: 75,
  PIN_BUSY: 75,
  WRITE_FAILED: 75,
  CLUSTER_UNREACHABLE: 75,
  CONFIGMAP_MOVED: 75,
  DOWNLOAD_FAILED: 75,
  INTERRUPTED: 130,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** What to tell a person: `message` says what is wrong, `hint` how to mend it. */
export class RuntimeKitError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'RuntimeKitError';
    this.code = code;
    this.hint = options.hint;
  }

  get exitCode(): number {
    return ERROR_CODES[this.code];
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
