import { readFile } from 'node:fs/promises';
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseAllDocuments,
  type YAMLMap,
} from 'yaml';
import { messageOf, RuntimeKitError } from '../errors.js';

export const CONFIG_MAP = 'kubeless-config';
export const IMAGES_KEY = 'runtime-images';

/** A file with a ConfigMap, or with the value of its `runtime-images` alone. */
export interface ConfigFile {
  file: string;
  text: string;
  /** Of `runtime-images`; undefined where the ConfigMap has none. */
  images: string | undefined;
  /** undefined where the file is the value alone. */
  configMap: ConfigMapNodes | undefined;
}

/** Where things stand in the text. */
export interface ConfigMapNodes {
  dataPair: Pair;
  data: YAMLMap;
  imagesPair: Pair | undefined;
  /** Values of the other keys that are text. */
  others: Record<string, string>;
}

/** @throws RuntimeKitError CONFIGMAP_INVALID */
export async function readConfigFile(file: string): Promise<ConfigFile> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw invalidConfigMap(`cannot read ${file}: ${messageOf(error)}`, undefined, error);
  });
  return parseConfigFile(text, file);
}

/** @throws RuntimeKitError CONFIGMAP_INVALID */
export function parseConfigFile(text: string, file: string): ConfigFile {
  const documents = [...parseAllDocuments(text, { keepSourceTokens: true })] as Document[];
  const [first] = documents;
  // What is wrong inside of the value is for its reader to say.
  if (isSeq(first?.contents)) return { file, text, images: text, configMap: undefined };
  const [problem] = documents.flatMap(({ errors }) => errors);
  if (problem)
    throw invalidConfigMap(
      `${file}: line ${problem.linePos?.[0].line ?? 1}: ${problem.message.split('\n')[0]}`,
    );
  const configMap = nodesOf(configMapOf(documents, file), file);
  const value = configMap.imagesPair?.value;
  const images = isScalar(value) && typeof value.value === 'string' ? value.value : undefined;
  if (configMap.imagesPair && images === undefined && !isEmpty(value))
    throw invalidConfigMap(
      `${file}: data.${IMAGES_KEY} is no text: the values of a ConfigMap are`,
      `write a | behind "${IMAGES_KEY}:" and indent what follows`,
    );
  return { file, text, images, configMap };
}

/** A ConfigMap among other objects goes by its name, or by being the only one with runtimes. */
function configMapOf(documents: Document[], file: string): Document {
  const all = documents.filter((one) => one.get('kind') === 'ConfigMap' && isMap(one.contents));
  const named = all.filter((one) => one.getIn(['metadata', 'name']) === CONFIG_MAP);
  const fitting = all.filter((one) => one.hasIn(['data', IMAGES_KEY]));
  const [found, ...others] = [named, fitting, all].find(({ length }) => length > 0) ?? [];
  if (found && others.length === 0) return found;
  throw invalidConfigMap(
    found
      ? `${file}: there are ${others.length + 1} ConfigMaps that could be meant`
      : `${file}: there is no ConfigMap and no list of runtimes`,
    `give a ConfigMap as \`kubectl get configmap ${CONFIG_MAP} --output yaml\` prints it, or the value of its ${IMAGES_KEY}`,
  );
}

function nodesOf(document: Document, file: string): ConfigMapNodes {
  const root = document.contents as YAMLMap;
  const dataPair = pairOf(root, 'data');
  const data = dataPair?.value;
  if (!dataPair || !isMap(data))
    throw invalidConfigMap(
      `${file}: the ConfigMap has no data`,
      'give the ConfigMap of an installed Kubeless',
    );
  return {
    dataPair,
    data,
    imagesPair: pairOf(data, IMAGES_KEY),
    others: Object.fromEntries(
      data.items.flatMap(({ key, value }) =>
        isScalar(key) && isScalar(value) && key.value !== IMAGES_KEY
          ? [[String(key.value), String(value.value)]]
          : [],
      ),
    ),
  };
}

function pairOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && key.value === name);
}

function isEmpty(value: unknown): boolean {
  return value === null || (isScalar(value) && value.value === null);
}

export function invalidConfigMap(message: string, hint?: string, cause?: unknown): RuntimeKitError {
  return new RuntimeKitError('CONFIGMAP_INVALID', message, {
    ...(hint === undefined ? {} : { hint }),
    cause,
  });
}
