export { runWorkflow } from '../../../workflows/index.js';
export { clockWorkflow } from './clock.js';
