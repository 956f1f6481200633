export { readInventory } from './read.js';
export { renderSbom } from './sbom.js';
