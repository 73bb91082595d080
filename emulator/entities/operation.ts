import type { ErrorItem } from './cluster.js';

/** A long-running operation on a compute, polled by its id. */
export interface Operation {
  id: string;
  resource: string;
  status: 'InProgress' | 'Succeeded' | 'Failed';
  /** Why it failed. */
  error?: ErrorItem['error'];
}
