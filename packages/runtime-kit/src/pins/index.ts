export { type PushEvent, type PushOptions, type PushResult, pushBuilds } from './push/index.js';
