import { PackageURL } from 'packageurl-js';

export interface PackageChanges {
  added: string[];
  removed: string[];
  updated: { name: string; old: string[]; new: string[] }[];
}

/** What changed between two CycloneDX documents, by package URL; versions apart from the package. */
export function packageChanges(before: string | undefined, now: string): PackageChanges {
  const old = versionsOf(before);
  const current = versionsOf(now);
  const changes: PackageChanges = { added: [], removed: [], updated: [] };
  for (const [name, versions] of current) {
    const earlier = old.get(name);
    if (!earlier) changes.added.push(...versions.map((version) => `${name} ${version}`.trim()));
    else if (earlier.join() !== versions.join())
      changes.updated.push({ name, old: earlier, new: versions });
  }
  for (const [name, versions] of old)
    if (!current.has(name))
      changes.removed.push(...versions.map((version) => `${name} ${version}`.trim()));
  return changes;
}

/** Versions, sorted, by `TYPE/NAMESPACE/NAME`: some package managers install several of a package. */
function versionsOf(sbom: string | undefined): Map<string, string[]> {
  const { components = [] } = JSON.parse(sbom ?? '{}') as { components?: { purl?: string }[] };
  const all = new Map<string, string[]>();
  for (const { purl } of components) {
    if (purl === undefined) continue;
    const { type, namespace, name, version } = PackageURL.fromString(purl);
    const key = [type, namespace, name].filter(Boolean).join('/');
    all.set(key, [...(all.get(key) ?? []), version ?? ''].sort());
  }
  return new Map([...all].sort());
}
