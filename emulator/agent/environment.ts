import type { NodeSpec } from '../nodes/messages.js';
import { NODE_MARK } from '../nodes/messages.js';

/**
 * The environment of one process of a job: what the job asks for, what Azure ML adds, and the distribution's variables
 * when the job has one. Nothing of the emulator's own gets in.
 *
 * @param local which process of the node it is, from 0
 * @param mark marks it as a process of this node
 */
export function processEnvironment(spec: NodeSpec, local: number, mark: string): Record<string, string> {
  return { ...spec.environment, ...distribution(spec, local), [NODE_MARK]: mark };
}

/** Name of a process's log as an artifact. */
export function logName(spec: NodeSpec, local: number): string {
  const alone = spec.nodes * spec.processes === 1;
  return alone
    ? 'user_logs/std_log.txt'
    : `user_logs/std_log_process_${String(globalRank(spec, local)).padStart(2, '0')}.txt`;
}

/** Rank of a process among all of the job. */
export function globalRank(spec: NodeSpec, local: number): number {
  return spec.rank * spec.processes + local;
}

function distribution(spec: NodeSpec, local: number): Record<string, string> {
  if (spec.rendezvous === null) return {};
  return {
    MASTER_ADDR: spec.rendezvous.address,
    MASTER_PORT: String(spec.rendezvous.port),
    WORLD_SIZE: String(spec.nodes * spec.processes),
    NODE_RANK: String(spec.rank),
    RANK: String(globalRank(spec, local)),
    LOCAL_RANK: String(local),
  };
}
