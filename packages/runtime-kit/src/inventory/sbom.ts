import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import { PackageURL } from 'packageurl-js';

export interface SbomSubject {
  /** The image's name, without a tag. */
  name: string;
  version: string;
  /** `sha256:` and 64 hexadecimal digits. */
  id: string;
  /** Package URLs. */
  packages: string[];
  /** When the image was built, ISO 8601. */
  builtAt: string;
}

/**
 * A software bill of materials of an image, in CycloneDX 1.6 as JSON. Equal subjects give equal text, so
 * that a digest of it can be kept.
 */
export function renderSbom({ name, version, id, packages, builtAt }: SbomSubject): string {
  const bom = new Models.Bom();
  bom.metadata.timestamp = new Date(builtAt);
  bom.metadata.lifecycles.add(Enums.LifecyclePhase.Build);
  bom.metadata.component = new Models.Component(Enums.ComponentType.Container, name, {
    bomRef: id,
    version,
    hashes: new Models.HashDictionary([
      [Enums.HashAlgorithm['SHA-256'], id.replace(/^sha256:/, '')],
    ]),
  });
  for (const text of packages) {
    const purl = PackageURL.fromString(text);
    const component = new Models.Component(Enums.ComponentType.Library, purl.name ?? text, {
      bomRef: text,
      ...(purl.namespace ? { group: purl.namespace } : {}),
      ...(purl.version ? { version: purl.version } : {}),
      purl: text,
    });
    bom.components.add(component);
    bom.metadata.component.dependencies.add(component.bomRef);
  }
  const normalizers = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  const serializer = new Serialize.JsonSerializer(normalizers);
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}
