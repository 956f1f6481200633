import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { CustomRuntime } from '../catalog/index.js';
import { type Report, reportSchema, rules } from '../conformance/index.js';
import { messageOf, RuntimeKitError } from '../errors.js';
import type { Pinned } from '../pins/index.js';
import { isConsistent, openRegistry, sha256 } from '../pins/index.js';
import { imageAt, isImage, type RegistryClient, type RegistryManifest } from '../registry/index.js';
import { partsOf } from './check/context.js';

export interface ImageProof {
  /** `NAME@DIGEST`. */
  image: string;
  verified: NonNullable<CustomRuntime['verified']>;
}

/**
 * That a report is of an image and that it passed. A digest that the report itself names needs no registry;
 * for all else the registry says which image stands behind the name.
 *
 * @throws RuntimeKitError PIN_REFUSED with every reason
 */
export async function proofOfImage(
  catalog: Pinned['catalog'],
  image: string,
  file: string,
): Promise<ImageProof> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw refused(image, [`cannot read the report: ${messageOf(error)}`]);
  });
  const report = parseReport(text, file, image);
  const reasons = doubts(report);
  if (reasons.length > 0) throw refused(image, reasons);
  const [target] = report.targets;
  const { reference, digest } = partsOf(image);
  const isNamed = digest !== '' && target?.name === image;
  return {
    image: `${reference}@${isNamed ? digest : await digestOf(catalog, image, target?.imageId ?? '')}`,
    verified: { report: sha256(text), profile: report.profile, at: report.started },
  };
}

function parseReport(text: string, file: string, image: string): Report {
  try {
    return reportSchema.parse(JSON.parse(text));
  } catch {
    throw refused(image, [`${file} is no report that \`verify --reporter json\` wrote`]);
  }
}

function doubts(report: Report): string[] {
  const [target, ...others] = report.targets;
  if (!target || others.length > 0 || target.kind !== 'image')
    return ['the report is not of one image'];
  const core = rules.filter(({ profile }) => profile === 'core').map(({ id }) => id);
  const passed = target.rules.filter(({ status }) => status === 'passed').map(({ id }) => id);
  const missing = core.filter((id) => !passed.includes(id));
  return [
    ...(report.passed && isConsistent(report) ? [] : ['the report did not pass']),
    ...(missing.length === 0 ? [] : [`it does not prove ${missing.join(', ')}`]),
  ];
}

/** The digest behind the name, where the image behind it is the one of the report. */
async function digestOf(
  catalog: Pinned['catalog'],
  image: string,
  imageId: string,
): Promise<string> {
  const { reference, digest } = partsOf(image);
  const { host, repository } = imageAt(reference);
  const tag = digest || /:([^/:]+)$/.exec(image.split('@')[0] ?? '')?.[1];
  if (host === '' || tag === undefined)
    throw refused(image, ['the name has no registry, or neither tag nor digest']);
  const { client } = await openRegistry(host, catalog);
  const manifest = await client.manifest(repository, tag);
  if (!manifest) throw refused(image, [`${host} does not have it`]);
  const isSame = (await members(client, repository, manifest)).some((one) => isImage(one, imageId));
  if (isSame) return manifest.digest;
  throw refused(image, [`${manifest.digest} is not the image of the report, ${imageId}`]);
}

const indexSchema = z.object({ manifests: z.array(z.object({ digest: z.string() })) });

/** The manifest, or those of a list of platforms. */
async function members(
  client: RegistryClient,
  repository: string,
  manifest: RegistryManifest,
): Promise<RegistryManifest[]> {
  const { data } = indexSchema.safeParse(JSON.parse(manifest.text));
  if (!data) return [manifest];
  const all = data.manifests.map(({ digest }) => client.manifest(repository, digest));
  return [manifest, ...(await Promise.all(all)).filter((one) => one !== undefined)];
}

function refused(image: string, reasons: string[]): RuntimeKitError {
  return new RuntimeKitError(
    'PIN_REFUSED',
    `${image}: no report proves this image\n  ${reasons.join('\n  ')}`,
    {
      hint: `run \`npx runtime-kit verify ${image} --profile core --reporter json --output FILE\` and give --report FILE`,
    },
  );
}
