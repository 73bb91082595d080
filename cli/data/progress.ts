import { type PreparationProgress, STAGES, secondsLeftInStage } from '../../domain/preparation.js';

/** `stage 3 of 8, tokens: 17 of 300 pieces of 17,751.2 MB, 2 min so far, about 4 min left in this stage` */
export function progressLine(progress: PreparationProgress, now: number): string {
  const { stage, stages = STAGES, done, of, bytes, startedAt } = progress;
  const left = secondsLeftInStage(progress, now);
  const megabytes = (bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 1 });
  const parts = [
    `stage ${stages.indexOf(stage) + 1} of ${stages.length}, ${stage}: ${done} of ${of}, input of ${megabytes} MB`,
    `${duration((now - startedAt) / 1000)} so far`,
    ...(left === null ? [] : [`about ${duration(left)} left in this stage`]),
  ];
  return parts.join(', ');
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
