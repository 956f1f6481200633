export { type SoakReport, soakReportSchema } from './report.js';
export { type SoakOptions, type SoakProgress, soak } from './soak.js';
export { renderSoak } from './table.js';
