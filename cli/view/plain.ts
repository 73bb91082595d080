import { describeEvent } from '../../domain/events.js';
import { clock } from '../words.js';
import type { PhaseLine } from './model.js';
import { phaseParts, readable } from './phrases.js';
import type { View } from './view.js';

const PROGRESS_EVERY_MS = 5000;
const PROGRESS_EVERY_SHARE = 0.1;

interface Said {
  readonly at: number;
  readonly step: number;
  readonly share: number;
  readonly doing: string | null;
}

/** Lines for a log: every event once, a progress line every 5 s or 10 % of a phase, a notice when it changes. */
export function plainView(line: (text: string) => void): View {
  const said = new Map<string, Said>();
  let lastNotice: string | null = null;
  return {
    update(model, events, { now, notice }) {
      for (const event of readable(events)) line(`${clock(event.at, now)}  ${describeEvent(event)}`);
      for (const phase of model.phases.filter(({ mark }) => mark === 'running')) {
        if (!worthALine(phase, said.get(phase.name), now)) continue;
        said.set(phase.name, { at: now, step: phase.step, share: phase.step / phase.steps, doing: phase.doing });
        line(`${clock(now, now)}  ${phase.name}  ${phaseParts(phase).join('  ')}`);
      }
      if (notice !== null && notice !== lastNotice) line(`${clock(now, now)}  ${notice}`);
      lastNotice = notice;
    },
    note: line,
    end: () => undefined,
  };
}

function worthALine(phase: PhaseLine, said: Said | undefined, now: number): boolean {
  if (said === undefined) return true;
  const news = phase.step !== said.step || phase.doing !== said.doing;
  const longAgo = now - said.at >= PROGRESS_EVERY_MS;
  const farOn = phase.step / phase.steps - said.share >= PROGRESS_EVERY_SHARE;
  return news && (longAgo || farOn);
}
