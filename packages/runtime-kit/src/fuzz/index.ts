export { type FuzzOptions, type FuzzProgress, fuzz } from './fuzz.js';
export { type FuzzReport, fuzzReportSchema } from './report.js';
export { renderFuzz } from './table.js';
