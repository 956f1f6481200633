import { stringify } from 'yaml';
import { CONFIG_MAP, IMAGES_KEY } from './document.js';
import { type RuntimeImages, runtimeImagesText } from './structure.js';

/** Where a cluster keeps the configuration. */
export interface ConfigMapName {
  name: string;
  namespace: string;
}

export const FORMATS = ['configmap', 'json', 'yaml', 'helm-values', 'kustomize'] as const;
export type Format = (typeof FORMATS)[number];

/** KUBELESS_CONFIG and KUBELESS_NAMESPACE, as the controller itself reads them. */
export function configMapName(env: NodeJS.ProcessEnv = process.env): ConfigMapName {
  return {
    name: env.KUBELESS_CONFIG || CONFIG_MAP,
    namespace: env.KUBELESS_NAMESPACE || 'kubeless',
  };
}

/** The text of a file, with its last line break. */
export function formatted(images: RuntimeImages, format: Format, place: ConfigMapName): string {
  const text = runtimeImagesText(images);
  switch (format) {
    case 'configmap':
      return yaml(configMap(text, place));
    case 'json':
      return `${text}\n`;
    case 'yaml':
      return yaml(images);
    case 'helm-values':
      return yaml({ config: { runtimeImages: text } });
    case 'kustomize':
      return yaml(component(text, place));
  }
}

function configMap(text: string, { name, namespace }: ConfigMapName) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
    data: { [IMAGES_KEY]: text },
  };
}

/** A component, so that it changes the ConfigMap of whatever kustomization takes it in. */
function component(text: string, place: ConfigMapName) {
  return {
    apiVersion: 'kustomize.config.k8s.io/v1alpha1',
    kind: 'Component',
    patches: [
      {
        target: { version: 'v1', kind: 'ConfigMap', name: place.name },
        patch: yaml(configMap(text, place)),
      },
    ],
  };
}

function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, blockQuote: 'literal', aliasDuplicateObjects: false });
}
