import { sha256 } from './lock.js';

const OCI = 'application/vnd.oci.image.index.v1+json';
const DOCKER = 'application/vnd.docker.distribution.manifest.list.v2+json';

export interface IndexManifest {
  digest: string;
  mediaType: string;
  text: string;
}

/**
 * The list by which one reference serves several platforms. Equal members give equal text, in whatever
 * order they come.
 *
 * @param members the text of each platform's manifest, by `OS/ARCHITECTURE`
 */
export function indexOf(members: Map<string, string>): IndexManifest {
  const manifests = [...members].sort().map(([platform, text]) => {
    const [os, architecture, variant] = platform.split('/');
    return {
      mediaType: mediaTypeOf(text),
      size: Buffer.byteLength(text),
      digest: sha256(text),
      platform: { architecture, os, ...(variant === undefined ? {} : { variant }) },
    };
  });
  // Old clients know Docker's list alone, and OCI's members are none of its.
  const isDocker = manifests.every(({ mediaType }) => mediaType.includes('.docker.'));
  const mediaType = isDocker ? DOCKER : OCI;
  const text = JSON.stringify({ schemaVersion: 2, mediaType, manifests }, null, 2);
  return { digest: sha256(text), mediaType, text };
}

function mediaTypeOf(manifest: string): string {
  const { mediaType } = JSON.parse(manifest) as { mediaType?: string };
  return mediaType ?? 'application/vnd.oci.image.manifest.v1+json';
}
