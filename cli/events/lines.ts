import { actorOf } from '../../domain/actors.js';
import { type RunEvent, describeEvent } from '../../domain/events.js';
import { localTime } from '../words.js';

/** Longest of the usual actors; a person's name may be longer. */
const ACTOR_WIDTH = 'somebody else'.length;

/** `2026-11-23 01:02:03  Azure ML       node 1 of job demo-p1-a001 was preempted at step 143` */
export function eventRow(event: RunEvent): string {
  return `${localTime(event.at)}  ${actorOf(event).padEnd(ACTOR_WIDTH)}  ${describeEvent(event)}`;
}

/** The event as it was recorded, and beside it what the row says. */
export function eventObject(event: RunEvent): object {
  return { ...event, actor: actorOf(event), text: describeEvent(event) };
}
