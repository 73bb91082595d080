import type { RunEvent } from '../../domain/events.js';
import type { Deed } from './scenario.js';

/** By which event of the run it shows that a deed was noticed. */
export function isSignOf(deed: Deed, event: RunEvent): boolean {
  if ('kill' in deed) return KILLED[deed.kill](event);
  if ('evict' in deed) return (FACES[deed.evict.face] ?? endsAttempt)(event);
  return deed.fault.storage === undefined ? isBlindTo('azure')(event) : event.kind === 'checkpoint-quarantined';
}

/** By which event it shows that what a deed brought about is over; null for a deed that is over with its sign. */
export function endOf(deed: Deed): ((event: RunEvent) => boolean) | null {
  if ('fault' in deed && deed.fault.storage === undefined) return seesAgain('azure');
  return 'kill' in deed && deed.kill === 'azurite' ? seesAgain('storage') : null;
}

type Sign = (event: RunEvent) => boolean;

const endsAttempt: Sign = (event) => event.kind === 'attempt-ended' && event.ending !== 'completed';
const alerts =
  (...kinds: string[]): Sign =>
  (event) =>
    event.kind === 'watch-alert' && kinds.includes(event.alert.kind);
const isBlindTo =
  (to: 'azure' | 'storage'): Sign =>
  (event) =>
    event.kind === 'watch-alert' && event.alert.kind === 'blind' && event.alert.to === to;
const seesAgain =
  (to: 'azure' | 'storage'): Sign =>
  (event) =>
    event.kind === 'watch-alert' && event.alert.kind === 'sight-again' && event.alert.to === to;
const passesLimit =
  (limit: string): Sign =>
  (event) =>
    event.kind === 'watch-alert' && event.alert.kind === 'limit' && event.alert.limit === limit;

/** A lost job is noticed by its end; what goes on under the same name, by what Azure calls it meanwhile. */
const FACES: Readonly<Record<string, Sign>> = {
  requeued: alerts('requeued', 'restarted-in-place'),
  notResponding: passesLimit('notResponding'),
};

const KILLED: Readonly<Record<Extract<Deed, { kill: unknown }>['kill'], Sign>> = {
  worker: alerts('unwatched'),
  temporal: alerts('unwatched'),
  azurite: isBlindTo('storage'),
  azureml: endsAttempt,
};
