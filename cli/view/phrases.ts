import type { RunEvent } from '../../domain/events.js';
import { grouped, span } from '../words.js';
import type { PhaseLine, RunModel } from './model.js';

/** Parts of a phase's progress line, most important first: a narrow terminal loses the last ones. */
export function phaseParts(phase: PhaseLine): string[] {
  if (phase.mark === 'waiting') return [`${grouped(phase.steps)} steps to come`];
  const share = Math.floor((100 * phase.step) / phase.steps);
  const parts = [`${phase.step}/${phase.steps}`.padStart(2 * String(phase.steps).length + 1), `${share} %`.padStart(5)];
  if (phase.loss !== null) parts.push(`loss ${phase.loss.toFixed(3)}`);
  if (phase.doing !== null) parts.push(phase.doing);
  if (phase.secondsLeft !== null) parts.push(`${span(phase.secondsLeft)} left`);
  const checkpoint = checkpointWords(phase);
  if (checkpoint !== null) parts.push(checkpoint);
  if (phase.sequencesPerSecond !== null) parts.push(`${grouped(phase.sequencesPerSecond)} sequences/s`);
  return parts;
}

function checkpointWords({ mark, checkpointStep, checkpointAge }: PhaseLine): string | null {
  if (mark !== 'running') return null;
  if (checkpointStep === null) return 'no checkpoint yet';
  return `checkpoint ${checkpointStep}${checkpointAge === null ? '' : `, ${span(checkpointAge)} ago`}`;
}

/** Events that a person reads: the end of a phase is told once, by the phase, not again by its stage. */
export function readable(events: readonly RunEvent[]): RunEvent[] {
  return events.filter((event) => !(event.kind === 'stage-done' && event.stage.startsWith('phase:')));
}

/** `demo  running for 1 min 12 s  job demo-p1-a001` */
export function headline(model: RunModel): string[] {
  const time = span(model.elapsed);
  const state = model.state === 'running' ? `running for ${time}` : `${model.state} after ${time}`;
  return [model.run, state, ...(model.jobName === null ? [] : [`job ${model.jobName}`])];
}

export const noWorkerSentence = (command: (words: string) => string) =>
  `no worker runs: the run waits and loses nothing; start one with: ${command('worker')}`;
