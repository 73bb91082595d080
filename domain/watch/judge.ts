import { meterAfter } from '../money/meter.js';
import type { WatchAlert } from './alerts.js';
import { nextPollSeconds } from './cadence.js';
import { advance } from './clocks.js';
import { type LimitName, type Rung, type WatchRules, ladders, limitSeconds } from './limits.js';
import type { WatchMemory } from './memory.js';
import { secondsPerStep } from './pace.js';
import type { Sighting } from './sighting.js';
import { classOf } from './status.js';

/** A limit that is passed, and what its ladder asks for. A restart is asked for at every look until somebody does it. */
export interface Due {
  readonly limit: LimitName;
  readonly do: 'request-checkpoint' | 'restart';
  readonly seconds: number;
  readonly limitSeconds: number;
}

export type WatchVerdict =
  | { readonly kind: 'ALIVE'; readonly due: Due | null }
  /** A terminal state that Azure answered, or two 404s apart. */
  | { readonly kind: 'ENDED'; readonly status: 'Completed' | 'Failed' | 'Canceled' | 'NotFound' }
  /** Nothing is known, so nothing is done. */
  | { readonly kind: 'UNKNOWN'; readonly because: string };

export interface Judgement {
  readonly memory: WatchMemory;
  readonly verdict: WatchVerdict;
  readonly alerts: readonly WatchAlert[];
}

/** Right after a submission, and behind a cache, a 404 may be wrong; two so far apart are not. */
const ABSENCE_APART_MS = 60_000;

/**
 * Judges one look. An error of the control plane is UNKNOWN whatever it says; a job is ended for standing still only after the time of its
 * limit was observed, look by look, by changes of value on our own clock.
 */
export function judge(memory: WatchMemory, sighting: Sighting, rules: WatchRules): Judgement {
  const meter = meterAfter(memory.meter, sighting.job, sighting.at);
  const judgement = judgeLook({ ...memory, lookedAt: sighting.at, meter }, sighting, rules);
  return { ...judgement, alerts: [...unwatched(memory, sighting, rules), ...judgement.alerts] };
}

/** A look that comes as late as an alert for blindness would is worth the same alert; the pause that we chose is no lateness. */
function unwatched(memory: WatchMemory, { at }: Sighting, { pollSeconds, limits }: WatchRules): WatchAlert[] {
  if (memory.lookedAt === undefined) return [];
  const seconds = (at - memory.lookedAt) / 1000;
  const isLate = seconds - nextPollSeconds(memory, pollSeconds) >= limits.blindSeconds;
  return isLate ? [{ kind: 'unwatched', seconds }] : [];
}

function judgeLook(memory: WatchMemory, sighting: Sighting, rules: WatchRules): Judgement {
  const { job } = sighting;
  const sight = sightAfter(memory, sighting, rules.limits.blindSeconds);
  const seen = { ...memory, blind: sight.blind };
  if (!job.answered) {
    const throttled = job.throttled === true ? memory.throttled + 1 : memory.throttled;
    const blind = { ...seen, jobSeenAt: null, trainerSeenAt: null, throttled, ...heardMeanwhile(memory, sighting) };
    const alerts = [...sight.alerts, ...changes(memory, blind)];
    return { memory: blind, verdict: { kind: 'UNKNOWN', because: job.why }, alerts };
  }
  if (job.status === 'NotFound') return { ...absent(seen, sighting), alerts: sight.alerts };
  if (classOf(job.status) === 'ended') {
    const status = job.status as 'Completed' | 'Failed' | 'Canceled';
    const ended = { ...seen, jobSeenAt: sighting.at, status, throttled: 0, absentSince: null };
    return { memory: ended, verdict: { kind: 'ENDED', status }, alerts: sight.alerts };
  }
  const advanced = advance(seen, sighting, job.status, rules);
  const climbed = dueRungs(advanced, rules, sighting.at);
  const alerts = [...sight.alerts, ...changes(memory, advanced), ...climbed.alerts];
  return { memory: climbed.memory, verdict: { kind: 'ALIVE', due: climbed.due }, alerts };
}

/** A warning in the heartbeat is worth knowing also while Azure is silent: the next look comes sooner. */
function heardMeanwhile(memory: WatchMemory, { trainer }: Sighting): Pick<WatchMemory, 'warned'> {
  return { warned: trainer.answered && trainer.heartbeat !== null ? trainer.heartbeat.warned : memory.warned };
}

function absent(memory: WatchMemory, { at }: Sighting): Pick<Judgement, 'memory' | 'verdict'> {
  const since = memory.absentSince ?? at;
  const next = { ...memory, jobSeenAt: null, trainerSeenAt: null, absentSince: since, throttled: 0 };
  const isProven = at - since >= ABSENCE_APART_MS;
  if (isProven) return { memory: next, verdict: { kind: 'ENDED', status: 'NotFound' } };
  return { memory: next, verdict: { kind: 'UNKNOWN', because: 'Azure does not know the job; it is asked again' } };
}

function dueRungs(
  memory: WatchMemory,
  rules: WatchRules,
  at: number,
): { memory: WatchMemory; alerts: WatchAlert[]; due: Due | null } {
  const alerts: WatchAlert[] = [];
  const dues: Due[] = [];
  const rungs: Partial<Record<LimitName, number>> = { ...memory.rungs };
  for (const [limit, seconds] of Object.entries(memory.clocks) as [LimitName, number][]) {
    const whole = limitSeconds(limit, rules, secondsPerStep(memory), at);
    if (whole === null) continue;
    const ladder: readonly Rung[] = ladders[limit];
    for (const rung of ladder.slice(rungs[limit] ?? 0)) {
      if (seconds < rung.share * whole) break;
      const told = { limit, seconds, limitSeconds: whole };
      if (rung.do === 'restart') dues.unshift({ ...told, do: rung.do });
      else {
        rungs[limit] = (rungs[limit] ?? 0) + 1;
        alerts.push({ kind: 'limit', ...told, did: rung.do });
        if (rung.do === 'request-checkpoint') dues.push({ ...told, do: rung.do });
      }
    }
  }
  const due = dues.find((one) => one.do === 'restart') ?? dues[0] ?? null;
  return { memory: { ...memory, rungs }, alerts, due };
}

function changes(before: WatchMemory, after: WatchMemory): WatchAlert[] {
  const incarnation = after.heartbeat?.incarnation ?? '';
  const alerts: WatchAlert[] = [];
  if (after.awaiting === 'requeued' && before.awaiting !== 'requeued')
    alerts.push({ kind: 'requeued', status: after.status ?? '' });
  if (after.restarts > before.restarts) alerts.push({ kind: 'restarted-in-place', incarnation, count: after.restarts });
  const isSameStart = (before.heartbeat?.incarnation ?? '') === incarnation;
  const warnedNow = after.warned && !(before.warned && isSameStart);
  if (warnedNow) alerts.push({ kind: 'warned', incarnation });
  if (after.stuck && !before.stuck) alerts.push({ kind: 'stuck', incarnation });
  return alerts;
}

function sightAfter(
  memory: WatchMemory,
  { at, job, trainer }: Sighting,
  blindSeconds: number,
): { blind: WatchMemory['blind']; alerts: WatchAlert[] } {
  const blind = { ...memory.blind };
  const alerts: WatchAlert[] = [];
  for (const [to, sight] of [['azure', job] as const, ['storage', trainer] as const]) {
    const before = memory.blind[to];
    const seconds = before === undefined ? 0 : (at - before.since) / 1000;
    if (sight.answered) {
      if (before?.told === true) alerts.push({ kind: 'sight-again', to, seconds });
      delete blind[to];
      continue;
    }
    const tellNow = before?.told !== true && seconds >= blindSeconds;
    if (tellNow) alerts.push({ kind: 'blind', to, seconds, why: sight.why });
    blind[to] = { since: before?.since ?? at, told: tellNow || before?.told === true };
  }
  return { blind, alerts };
}
