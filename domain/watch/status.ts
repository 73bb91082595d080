/**
 * Azure's fourteen words for the state of a job, as classes that a limit can be set for. The set is open: a word that nobody knows is a job
 * that waits, never one that has ended.
 */
export type StatusClass =
  /** Waits for nodes: NotStarted, Queued, Paused and words that Azure may add. Entered from any class when a job restarts in place. */
  | 'waiting'
  /** Nodes are there and are being made ready: Starting, Provisioning, Preparing. */
  | 'preparing'
  /** Our processes may run. */
  | 'running'
  /** Our processes have ended; Azure uploads and closes. */
  | 'finalizing'
  /** Somebody asked for a cancel. */
  | 'stopping'
  /** Azure has lost sight of the node agent; left in any direction, so it proves nothing. */
  | 'notResponding'
  /** Completed, Failed, Canceled: nothing follows. */
  | 'ended';

const CLASSES: Readonly<Record<string, StatusClass>> = {
  NotStarted: 'waiting',
  Queued: 'waiting',
  Paused: 'waiting',
  Unknown: 'waiting',
  Starting: 'preparing',
  Provisioning: 'preparing',
  Preparing: 'preparing',
  Running: 'running',
  Finalizing: 'finalizing',
  CancelRequested: 'stopping',
  NotResponding: 'notResponding',
  Completed: 'ended',
  Failed: 'ended',
  Canceled: 'ended',
};

export function classOf(status: string): StatusClass {
  return CLASSES[status] ?? 'waiting';
}
