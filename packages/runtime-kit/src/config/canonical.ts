import { type Finding, warning } from './finding.js';

/*
 * The controller reads with Go's encoding/json behind ghodss/yaml: keys whatever their case, null as if it
 * were not there, numbers and booleans where it wants text.
 */

type Fields = Record<string, unknown>;

const RUNTIME = ['ID', 'depName', 'fileNameSuffix', 'livenessProbeInfo', 'versions'];
const VERSION = ['name', 'version', 'images', 'imagePullSecrets', 'runtimeImage', 'initImage'];
const IMAGE = ['phase', 'image', 'command', 'env'];
const PROBE = [
  'exec',
  'httpGet',
  'tcpSocket',
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
];

/** The document with the keys as the structure writes them, and what was odd about it. */
export function canonical(document: unknown): { document: unknown; findings: Finding[] } {
  const findings: Finding[] = [];
  const runtimes = listOf(document, '', (runtime, at) => {
    const fields = named(runtime, RUNTIME);
    quote(fields, ['ID', 'depName', 'fileNameSuffix'], at, findings);
    if (isFields(fields.livenessProbeInfo))
      fields.livenessProbeInfo = named(fields.livenessProbeInfo, PROBE);
    fields.versions = listOf(fields.versions, `${at}.versions`, (version, place) =>
      versionOf(version, place, fields.compiled === true, findings),
    );
    return present(fields);
  });
  return { document: runtimes ?? [], findings };
}

function versionOf(version: Fields, at: string, compiled: boolean, findings: Finding[]): Fields {
  const fields = named(version, VERSION);
  quote(fields, ['name', 'version'], at, findings);
  const { runtimeImage, initImage, ...current } = fields;
  const isOld = runtimeImage !== undefined || initImage !== undefined;
  if (isOld) findings.push(warning('old-structure', at, OLD));
  if (isOld && current.images === undefined)
    current.images = oldImages(runtimeImage, initImage, compiled);
  current.images = listOf(current.images, `${at}.images`, (image, place) => {
    const one = named(image, IMAGE);
    quote(one, ['phase', 'image', 'command'], place, findings);
    if (isFields(one.env)) {
      one.env = present(one.env);
      quote(one.env as Fields, Object.keys(one.env as Fields), `${place}.env`, findings);
    }
    return present(one);
  });
  current.imagePullSecrets = listOf(current.imagePullSecrets, at, (secret) =>
    named(secret, ['ImageSecret']),
  );
  return present(current);
}

const OLD =
  'runtimeImage and initImage are of controllers before 1.0; later ones read images and find none';

function oldImages(runtimeImage: unknown, initImage: unknown, compiled: boolean): Fields[] {
  const inits = compiled ? ['installation', 'compilation'] : ['installation'];
  return [
    ...(initImage ? inits.map((phase) => ({ phase, image: initImage })) : []),
    ...(runtimeImage ? [{ phase: 'runtime', image: runtimeImage }] : []),
  ];
}

/** Each member that has fields through `change`; what is something else stays for the schema to refuse. */
function listOf(
  value: unknown,
  at: string,
  change: (member: Fields, at: string) => Fields,
): unknown {
  if (!Array.isArray(value)) return value ?? undefined;
  return value.map((member: unknown, index) =>
    isFields(member) ? change(member, `${at}[${index}]`) : member,
  );
}

function named(fields: Fields, names: string[]): Fields {
  const known = new Map(names.map((name) => [name.toLowerCase(), name]));
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [known.get(key.toLowerCase()) ?? key, value]),
  );
}

function present(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  );
}

function quote(fields: Fields, keys: string[], at: string, findings: Finding[]): void {
  for (const key of keys) {
    const value = fields[key];
    if (typeof value !== 'number' && typeof value !== 'boolean') continue;
    fields[key] = String(value);
    const message = `${value} has no quotes: a ${typeof value}, of which 1.10 becomes 1.1`;
    findings.push(warning('structure', `${at}.${key}`, message));
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
