import {
  customRuntimeId,
  isEndOfLife,
  KUBELESS_ID,
  KUBELESS_VERSION,
} from '../../catalog/index.js';
import { error, type Finding, warning } from '../finding.js';
import { type CheckContext, findKnown, knownImages, placesOf } from './context.js';

/** Names that the controller cannot take apart again, and runtimes that stand behind another. */
export function checkNames(context: CheckContext): Finding[] {
  const ids = context.runtimes.map(({ ID }) => ID);
  const places = placesOf(context);
  const all = places.map(({ id }) => id);
  return [
    ...repeated(ids).map((ID) =>
      error('duplicate', ID, 'the ID is there more than once: the controller reads the first'),
    ),
    ...repeated(all).map((id) =>
      error('duplicate', id, 'the version is there more than once: the controller reads the first'),
    ),
    ...ids
      .filter((ID) => !KUBELESS_ID.test(ID))
      .map((ID) =>
        error('name', ID, 'an ID is letters, dashes and underscores: it is never found'),
      ),
    ...places
      .filter(({ version }) => !KUBELESS_VERSION.test(version.version))
      .map(({ id }) => error('name', id, 'a version is digits and dots: it is never found')),
  ];
}

function repeated(names: string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** Dates and runtimes that no manifest knows. */
export function checkSupport(context: CheckContext): Finding[] {
  const custom = context.catalog.config.customRuntimes.map(customRuntimeId);
  return placesOf(context).flatMap(({ id, variant }): Finding[] => {
    if (!variant)
      return custom.includes(id)
        ? []
        : [
            warning(
              'unknown-runtime',
              id,
              'no manifest has it: nobody here says how long it lasts',
            ),
          ];
    if (!isEndOfLife(variant, context.today)) return [];
    const of = id === variant.id ? '' : ` (${variant.id})`;
    return [warning('end-of-life', id, `no support since ${variant.version.endOfLife}${of}`)];
  });
}

/** A probe that starts a program in an image that has none but the server. */
export function checkProbes(context: CheckContext): Finding[] {
  const known = knownImages(context);
  return context.runtimes.flatMap(({ ID, livenessProbeInfo, versions }) => {
    const [command] = livenessProbeInfo?.exec?.command ?? [];
    const isPinned = versions.some(({ images }) =>
      images.some(({ phase, image }) => phase === 'runtime' && findKnown(known, image)?.lock),
    );
    if (command === undefined || !isPinned) return [];
    return [
      error(
        'probe',
        ID,
        `the probe runs "${command}", and the images have no programs: use httpGet`,
      ),
    ];
  });
}
