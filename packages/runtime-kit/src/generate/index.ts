export { dockerfilePath, type GeneratedFile, generatedFiles } from './outputs.js';
export { checkGenerated, type Drift, findDrift, generate } from './sync.js';
