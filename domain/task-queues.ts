/** Workflows and control activities; a worker of it needs little memory. */
export const CONTROL_TASK_QUEUE = 'bertha';

/** Copy, inflate, tokenise: CPU and bandwidth; more machines make it faster and nothing else changes. */
export const DATA_TASK_QUEUE = 'bertha-data';
