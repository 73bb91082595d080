import { describeEvent } from '../../domain/events.js';
import type { Call } from '../call.js';
import type { PhaseLine, RunModel } from './model.js';
import type { View } from './view.js';

/** One object a line: `event` once each, `progress` whenever a phase's numbers changed, `notice` when something stands in the way. */
export function jsonView(call: Pick<Call, 'data' | 'note'>): View {
  const said = new Map<string, string>();
  let lastNotice: string | null = null;
  return {
    update(model, events, { now, notice }) {
      for (const event of events) call.data({ type: 'event', run: model.run, ...event, text: describeEvent(event) });
      for (const phase of model.phases.filter(({ mark }) => mark === 'running')) {
        const news = JSON.stringify([phase.step, phase.doing, phase.checkpointStep]);
        if (said.get(phase.name) === news) continue;
        said.set(phase.name, news);
        call.data(progressObject(model, phase, now));
      }
      if (notice !== null && notice !== lastNotice) call.data({ type: 'notice', run: model.run, text: notice });
      lastNotice = notice;
    },
    note: call.note,
    end: () => undefined,
  };
}

function progressObject(model: RunModel, phase: PhaseLine, now: number): unknown {
  const { name, step, steps, loss, sequencesPerSecond, secondsLeft, checkpointStep, checkpointAge, doing } = phase;
  return {
    type: 'progress',
    run: model.run,
    at: now,
    phase: name,
    job: model.jobName,
    step,
    steps,
    loss,
    sequencesPerSecond,
    secondsLeft: rounded(secondsLeft),
    checkpointStep,
    checkpointAgeSeconds: rounded(checkpointAge),
    doing,
  };
}

const rounded = (value: number | null) => (value === null ? null : Math.round(value * 10) / 10);
