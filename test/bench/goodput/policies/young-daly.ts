import { youngDalySeconds } from '../../../../domain/interval/optimal.js';
import type { Policy } from '../policy.js';
import { meanUpSeconds } from '../series.js';

/** The same supervision with Young and Daly's interval, from the mean up-time that only hindsight knows, and going on from the newest checkpoint. */
export function withYoungDaly(policy: Policy): Policy {
  return withInterval(`${policy.name} + Young/Daly`, policy, (world, series) =>
    youngDalySeconds(meanUpSeconds(series), world.stallSeconds),
  );
}

/** The same supervision with one interval, whatever happens. */
export function withFixed(policy: Policy, seconds: number): Policy {
  return withInterval(`${policy.name}, every ${seconds} s`, policy, () => seconds);
}

function withInterval(
  name: string,
  policy: Policy,
  secondsFor: (...given: Parameters<Policy['start']>) => number,
): Policy {
  return {
    name,
    link: policy.link,
    start: (world, series) => {
      const seconds = secondsFor(world, series);
      return { ...policy.start(world, series), adapts: false, resumes: true, interval: () => seconds };
    },
  };
}
