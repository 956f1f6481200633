import { PHASES } from '../../catalog/index.js';
import { error, type Finding, warning } from '../finding.js';
import { type CheckContext, type Place, placesOf } from './context.js';

/** Phases that the controller cannot run, or that are not those of the language. */
export function checkPhases(context: CheckContext): Finding[] {
  return placesOf(context).flatMap((place) => [...impossible(place), ...unlikeManifest(place)]);
}

function impossible({ id, info, version }: Place): Finding[] {
  const phases = version.images.map(({ phase }) => phase);
  const many = PHASES.filter((phase) => phases.filter((one) => one === phase).length > 1);
  const hasDependencies = info.depName !== undefined && info.depName !== '';
  return [
    ...(phases.includes('runtime')
      ? []
      : [error('phases', id, 'no image has the phase "runtime": there is nothing to serve with')]),
    ...many.map((phase) =>
      error('phases', id, `the phase "${phase}" is there more than once: the first one runs`),
    ),
    ...(phases.includes('installation') && !hasDependencies
      ? [error('phases', id, 'the phase "installation" needs a depName: it has no file to check')]
      : []),
  ];
}

function unlikeManifest({ id, version, variant, language }: Place): Finding[] {
  if (!language) return [];
  const { phases, title } = language.manifest;
  const found = version.images.map(({ phase }) => phase);
  const level = variant ? error : warning;
  return (['installation', 'compilation'] as const).flatMap((phase) => {
    if (phases[phase] && !found.includes(phase))
      return [level('phases', id, `${title} needs the phase "${phase}", which is not there`)];
    if (!phases[phase] && found.includes(phase))
      return [level('phases', id, `${title} has no phase "${phase}"`)];
    return [];
  });
}
