import type { RegistryClient } from '../../registry/index.js';

/** A manifest that has tags. */
export interface Found {
  /** HOST/PREFIX/NAME */
  reference: string;
  digest: string;
  tags: string[];
  /** Digests of what it lists; empty for an image. */
  members: string[];
}

/** What a repository of a registry holds under tags, an untagged manifest is not to be found. */
export async function findTagged(client: RegistryClient, repository: string): Promise<Found[]> {
  const found = new Map<string, Found>();
  for (const tag of await client.tags(repository)) {
    const manifest = await client.manifest(repository, tag);
    if (!manifest) continue; // gone since
    const { digest, text } = manifest;
    const reference = `${client.host}/${repository}`;
    const known = found.get(digest) ?? { reference, digest, tags: [], members: membersOf(text) };
    found.set(digest, { ...known, tags: [...known.tags, tag] });
  }
  return [...found.values()];
}

function membersOf(text: string): string[] {
  const { manifests = [] } = JSON.parse(text) as { manifests?: { digest: string }[] };
  return manifests.map(({ digest }) => digest);
}
