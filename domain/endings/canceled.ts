import type { LimitName } from '../watch/limits.js';
import type { Named } from './classify.js';
import type { Reading } from './reading.js';
import type { JobEnding } from './names.js';

/** What a job is called that we ended because of a limit. */
const byLimit = {
  queued: 'queued-too-long',
  preparing: 'dwelled-too-long',
  start: 'hung',
  silent: 'hung',
  stalled: 'hung',
  checkpoint: 'no-new-checkpoint',
  finalizing: 'dwelled-too-long',
  notResponding: 'dwelled-too-long',
  stopping: 'dwelled-too-long',
  behind: 'superseded',
  budget: 'budget-spent',
  deadline: 'moved-for-deadline',
} as const satisfies Record<LimitName, JobEnding>;

/** What a limit is about, in words that follow "we ended it:". */
const limitWords: Record<LimitName, string> = {
  queued: 'it waited for nodes',
  preparing: 'it was preparing',
  start: 'it ran without a first heartbeat',
  silent: 'its heartbeat stood still',
  stalled: 'its step stood still while its heartbeat went on',
  checkpoint: 'no new valid checkpoint came',
  finalizing: 'it was finalizing',
  notResponding: 'it did not respond',
  stopping: 'it was stopping',
  behind: 'Azure restarted it in place, and it would have repeated training',
  budget: 'it had held its nodes, and the budget pays for no more,',
  deadline: 'only dedicated nodes can still keep the deadline: they need what is left of the time,',
};

/**
 * A job that we canceled, gave up or asked to leave because of a limit or an operator's word. One that failed meanwhile is named by its failure, and one whose
 * trainer had left before Azure hung over closing it by what the trainer said.
 */
export function endedByUs({ evidence, said }: Reading): Named | null {
  const { status, endedByUs: ours } = evidence;
  const obeyed = status === 'Canceled' || status === 'GivenUp' || said?.ending === 'interrupted';
  if (ours === null || !obeyed) return null;
  const how = status === 'GivenUp' ? '; it never ended, and was proven to hold no node' : '';
  if (ours.for === 'operator')
    return { ending: 'stopped-on-request', because: `we ended it: an operator asked for ${ours.command}${how}` };
  if (ours.for === 'run-end') return null;
  if (ours.limit === 'finalizing' && said !== null) return said;
  const seconds = Math.round(ours.seconds);
  return { ending: byLimit[ours.limit], because: `we ended it: ${limitWords[ours.limit]} for ${seconds} s${how}` };
}

const DAY = 86_400;
/** Azure's longest life of a job, in seconds, and how early it may count as reached. */
const LIFETIME = { lowPriority: 7 * DAY, dedicated: 21 * DAY, slack: 3_600 };

/** A cancel that was not ours: want of capacity, one of two clocks, or a person. */
export function canceledByOthers(read: Reading): Named | null {
  const { evidence, text } = read;
  if (evidence.status !== 'Canceled') return null;
  if (read.mentions('capacity') || read.warns('capacity'))
    return { ending: evidence.trainerStarted ? 'preempted-canceled' : 'no-capacity', because: capacityWords(read) };
  const ran = evidence.ranSeconds ?? 0;
  const timeout = evidence.timeoutSeconds ?? Infinity;
  if (read.mentions('timeout') || ran >= timeout)
    return { ending: 'time-limit', because: text || `it ran for ${ran} s, its limits.timeout was ${timeout} s` };
  if (read.mentions('lifetime') || ran >= lifetime(read))
    return { ending: 'lifetime-limit', because: text || `it ran for ${ran} s, the longest life of a job` };
  return { ending: 'canceled-elsewhere', because: text || 'canceled by somebody else, and no reason is given' };
}

const lifetime = ({ evidence }: Reading) =>
  (evidence.lowPriority === false ? LIFETIME.dedicated : LIFETIME.lowPriority) - LIFETIME.slack;

const capacityWords = ({ evidence, text }: Reading) =>
  text || [...(evidence.clusterErrors ?? []), ...evidence.warnings].join('; ');
