export { expand, valuesOf } from './expand.js';
export { renderDockerignore } from './ignore.js';
export {
  type BuildFacts,
  buildLabels,
  CONTRACT_VERSION,
  staticLabels,
} from './labels.js';
export { MIRRORS_FILE, MOUNTED, readingMirrors } from './mirrored.js';
export { renderDockerfile } from './render.js';
