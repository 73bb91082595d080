export { dataWorkflow } from './data/data.js';
export { prepareWorkflow } from './data/prepare.js';
export { runWorkflow } from './run.js';
