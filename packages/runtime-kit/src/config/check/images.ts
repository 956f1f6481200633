import { doubtOf } from '../../pins/index.js';
import { error, type Finding, warning } from '../finding.js';
import { type CheckContext, eachImage, findKnown, knownImages, partsOf } from './context.js';

/** Tags, digests that nobody pinned, pins without proof. */
export function checkImages(context: CheckContext): Finding[] {
  const known = knownImages(context);
  const isOurs = (reference: string) => known.some((one) => one.reference === reference);
  return eachImage(context).flatMap(({ image, where }): Finding[] => {
    const { reference, digest } = partsOf(image.image);
    const level = isOurs(reference) ? error : warning;
    if (digest === '')
      return [level('tag', where, `${image.image} is no digest: what runs changes with the tag`)];
    if (!/^sha256:[0-9a-f]{64}$/.test(digest))
      return [error('structure', where, `${image.image}: ${digest} is no digest`)];
    const found = findKnown(known, image.image);
    if (!found) return [level('pin', where, `${image.image} is in no pin`)];
    const doubt = found.lock && doubtOf(found.lock);
    return doubt === undefined
      ? []
      : [warning('unverified', where, `${found.runtime} is pinned without proof: ${doubt}`)];
  });
}

/** Images of the platform itself, which stand under keys of their own. */
export function checkPlatformImages(others: Record<string, string>): Finding[] {
  return ['provision-image', 'builder-image'].flatMap((key) => {
    const image = others[key];
    if (!image || image.includes('@sha256:')) return [];
    return [warning('tag', key, `${image} is no digest: what runs changes with the tag`)];
  });
}

/** Images of one runtime that do not run on the same nodes, or not on the cluster's. */
export function checkArchitectures(context: CheckContext): Finding[] {
  const known = knownImages(context);
  const platforms = eachImage(context).flatMap(({ image, where, place }) => {
    const found = findKnown(known, image.image)?.platforms;
    return found ? [{ id: place.id, where, found }] : [];
  });
  const { platform } = context;
  const all = new Set(
    platform === undefined ? platforms.flatMap(({ found }) => found) : [platform],
  );
  return platforms.flatMap(({ where, found }) => {
    const missing = [...all].filter((one) => !found.includes(one));
    if (missing.length === 0) return [];
    const message = `pinned for ${found.join(', ')}, not for ${missing.join(', ')}`;
    if (platform !== undefined) return [error('architecture', where, message)];
    return [warning('architecture', where, `${message}, for which others are`)];
  });
}
