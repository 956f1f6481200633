/**
 * Every way in which the reference server can be told to break the contract, by the rule that it
 * breaks. The suite must fail the mutant on this rule, on those of TIED, and on no other.
 */
export const MUTANTS: Record<string, string[]> = {
  // Chapter 1: process
  'process.port': ['listens-on-loopback'],
  'process.healthz': ['healthy-before-load', 'health-says-more', 'health-takes-any-method'],
  'process.preload': ['loads-for-each-call', 'load-within-timeout'],
  'process.signals': [
    'ignores-sigterm',
    'healthy-while-draining',
    'drain-delay-ignored',
    'drops-in-flight',
    'exits-before-workers',
    'no-connection-close',
    'accepts-while-closing',
    'idle-kept-open',
    'shutdown-unbounded',
    'exits-with-143',
    'zombies-left',
  ],
  'process.config': [
    'bad-timeout-taken',
    'module-path-taken',
    'log-format-unchecked',
    'config-error-unclear',
    'config-error-twice',
    'bad-config-exits-0',
    'bad-config-hangs',
  ],
  'process.load-error': [
    'no-termination-log',
    'termination-log-tail',
    'load-error-without-place',
    'load-error-exits-0',
    'load-error-is-retried',
  ],
  // Chapter 2: event and context
  'event.json': [
    'json-needs-exact-type',
    'no-plus-json',
    'json-scalars-refused',
    'json-as-latin1',
    'json-mark-refused',
  ],
  'event.text': [
    'charset-ignored',
    'text-as-latin1',
    'typeless-as-bytes',
    'form-parsed',
    'unknown-charset-as-utf-8',
    'unknown-charset-is-400',
  ],
  'event.binary': ['binary-as-text', 'binary-byte-changed', 'binary-cut', 'xml-as-text'],
  'event.empty': ['empty-is-string', 'empty-json-refused'],
  'event.multipart': ['multipart-eaten', 'multipart-through-text', 'multipart-under-body-limit'],
  'event.headers': ['event-type-ignored', 'event-headers-never-absent'],
  'event.cloudevents-binary': [
    'no-cloudevents',
    'cloudevent-comes-first',
    'cloudevent-always-there',
    'ce-values-left-encoded',
  ],
  'event.cloudevents-structured': [
    'data-base64-ignored',
    'base64-read-leniently',
    'specversion-unchecked',
    'structured-needs-exact-type',
    'structured-list-is-500',
    'structured-data-as-text',
  ],
  'event.request': ['own-headers-lost', 'empty-parameters-lost'],
  'event.context': ['context-timeout-wrong', 'context-of-deployment'],
  'function.mount': ['links-refused', 'loads-a-copy'],
  'function.export': ['default-export-ignored'],
  // Chapter 3: answers
  'answer.string': ['string-as-html', 'length-in-characters'],
  'answer.json': ['json-as-text', 'false-is-nothing'],
  'answer.bytes': ['bytes-as-text', 'bytes-through-text'],
  'answer.empty': ['nothing-is-null', 'nothing-is-204'],
  'answer.async': ['rejection-leaks'],
  'answer.stream': ['stream-buffered', 'stream-failure-hidden'],
  'answer.custom': ['own-status-lost', 'cookies-folded'],
  'answer.methods': [
    'patch-refused',
    'options-swallowed',
    'head-with-body',
    'probe-takes-prefix',
    'probe-in-any-case',
    'path-decoded',
    'query-dropped',
  ],
  'answer.cors': [
    'no-cors',
    'preflight-200',
    'preflight-without-headers',
    'cors-lost-on-error',
    'cors-origin-fixed',
    'cors-never-off',
  ],
  'answer.error': ['error-leaks', 'error-not-logged', 'stack-not-logged', 'status-errors-lost'],
  'answer.bad-json': ['bad-json-500', 'bad-json-reaches-function', 'json-read-leniently'],
  'answer.too-large': [
    'no-body-limit',
    'no-chunked-limit',
    'no-multipart-limit',
    'body-limit-fixed',
    'limit-in-megabytes',
    'large-body-read',
    'large-body-reaches-function',
  ],
  'answer.bad-http': [
    'huge-headers',
    'slow-headers-kept',
    'lenient-parser',
    'host-not-asked-for',
    'two-hosts-taken',
    'malformed-kept-open',
    'malformed-kills',
  ],
  // Chapter 4: time and failure
  'timeout.wait': ['timeout-late', 'timeout-early', 'timeout-in-whole-seconds', 'timeout-is-504'],
  'timeout.cpu-loop': ['loop-runs-on', 'loop-ends-late', 'loop-kills-worker'],
  'timeout.stopped': ['loop-leaves-work'],
  'timeout.spares': ['timeout-breaks-neighbours', 'blocked-time-counts'],
  'timeout.context': ['no-abort-signal', 'abort-early', 'abort-late', 'cancelled-calls-answer'],
  'failure.isolated': ['background-error-kills', 'background-error-silent'],
  'failure.exit': ['worker-not-replaced', 'worker-replaced-late', 'exit-ends-all'],
  'parallel.calls': ['calls-queued'],
  'parallel.load': ['answers-mixed-up', 'kept-connections-cut'],
  // Chapter 5: what it says about itself
  'metrics.names': [
    'help-of-the-library',
    'buckets-of-the-library',
    'label-of-path',
    'label-of-any-method',
    'metrics-take-any-method',
    'in-flight-missing',
    'timed-out-stay-in-flight',
    'durations-in-milliseconds',
  ],
  'metrics.count': [
    'errors-counted-twice',
    'failures-not-counted',
    'timeouts-are-no-failures',
    'status-errors-are-no-failures',
    'bad-requests-counted',
    'preflights-counted',
    'probes-counted',
  ],
  'metrics.whole': ['counts-lost-with-worker', 'numbers-come-and-go'],
  'metrics.process': [
    'process-metrics-missing',
    'usage-of-primary-only',
    'cpu-in-milliseconds',
    'start-of-the-scrape',
  ],
  'metrics.parse': ['type-after-samples', 'bucket-inf-missing', 'sample-twice', 'metrics-as-html'],
  'log.access': [
    'no-access-log',
    'logs-twice',
    'log-late',
    'log-lost-at-exit',
    'errors-without-line',
    'probes-logged',
    'preflights-logged',
    'line-without-query',
    'line-unescaped',
    'log-in-local-time',
  ],
  'log.json': [
    'json-keys-missing',
    'json-absent-left-out',
    'json-duration-in-seconds',
    'json-time-is-local',
    'json-errors-as-text',
  ],
  'log.output': ['stdout-held-back', 'stderr-held-back', 'lines-torn'],
};

/** Rules that cannot hold where another is broken in this way, because the contract itself ties them. */
export const TIED: Record<string, string[]> = {
  // "The function's module is loaded before /healthz answers 200" is a sentence of process.preload too.
  'healthy-before-load': ['process.preload'],
  // The lines "before the server exits" can only be read from one that exits.
  'ignores-sigterm': ['log.access'],
  // A +json body that is not parsed cannot be malformed.
  'no-plus-json': ['answer.bad-json'],
  // A structured event is JSON, the data of a binary event a body like any other.
  'json-as-latin1': ['event.cloudevents-structured'],
  'text-as-latin1': ['event.cloudevents-binary'],
  // REQ_MULTIPART_MB_LIMIT is answer.too-large's, that a file of 3 MiB comes through event.multipart's.
  'multipart-under-body-limit': ['answer.too-large'],
  // Bytes are echoed as an answer, those of a CloudEvent too.
  'bytes-through-text': ['event.binary', 'event.cloudevents-structured'],
  // A future that fails is a thrown error.
  'rejection-leaks': ['answer.error'],
  // Path and query reach the function, and can be read from its request.
  'path-decoded': ['event.request'],
  'query-dropped': ['event.request'],
  // What is kept from the function is no call; what reaches it is one.
  'options-swallowed': ['metrics.count'],
  'no-body-limit': ['metrics.count'],
  // The error that is an object in LOG_FORMAT=json is the one that answer.error has logged.
  'error-not-logged': ['log.json'],
  // "So is a function in an endless CPU loop": deadline and answer are the same.
  'timeout-late': ['timeout.cpu-loop'],
  'timeout-is-504': ['timeout.cpu-loop'],
  // A loop that nobody ends uses the CPU, holds up its neighbours, and its worker counts no more.
  'loop-runs-on': ['timeout.stopped', 'timeout.spares', 'metrics.whole'],
  // With its worker go the loop's neighbours.
  'loop-kills-worker': ['timeout.spares'],
  // Numbers "not even when a worker is replaced" ask for a replaced worker.
  'worker-not-replaced': ['metrics.whole'],
  // process.readonly is asked of another user as well.
  'files-of-one-user': ['process.readonly'],
  'user-needs-a-name': ['process.readonly'],
  // Dependencies that the server does not find are none "under the same volume" either.
  'installs-elsewhere': ['function.mount'],
  // What does not compile is what cannot be loaded, in a language that is compiled.
  'compile-error-without-reason': ['process.load-error'],
  'compile-error-without-line': ['process.load-error'],
  // The +Inf bucket is one of the buckets.
  'bucket-inf-missing': ['metrics.names'],
};
