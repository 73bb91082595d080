import type { Job } from '../entities/job.js';
import { markedProcesses, send, startTime } from './processes.js';

/**
 * Ends what an emulator that died left running: the process groups of its node agents, recognised by pid and start time,
 * so that a pid that has been given to somebody else since is left alone.
 */
export function reap(jobs: readonly Job[]): void {
  for (const job of jobs) {
    for (const node of job.nodes) {
      const same = node.started !== null && startTime(node.pid) === node.started;
      if (same) send(-node.pid, 'SIGKILL');
      for (const pid of markedProcesses(nodeMark(job, node.nodeId))) send(pid, 'SIGKILL');
    }
  }
}

/** Names one start of a job on one machine. */
export function nodeMark(job: Pick<Job, 'name' | 'attempt' | 'runUuid'>, nodeId: string): string {
  return `${nodeId}-${job.runUuid}-${job.attempt}`;
}
