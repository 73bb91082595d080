import type { Exposure } from './interruptions.js';
import { optimalIntervalSeconds } from './optimal.js';

/** The moment at which a cycle of training and checkpoint begins. */
export interface Moment {
  /** Up-times that are over. */
  readonly exposures: readonly Exposure[];
  /** Age of the nodes. */
  readonly upSeconds: number;
  /** Mean time to the next interruption, by the rate at this age. */
  readonly meanSeconds: number;
  readonly stallSeconds: number;
}

/** Intervals around the model's that are tried: so many to either side, up to this factor. */
const STEPS = 8;
const FACTOR = 2.5;
/** The model says as much as so many up-times. */
const MODEL_WEIGHT = 10;
/** Fewer up-times that came as far as this one say nothing. */
const FEWEST = 5;
/** An up-time is known, and comes again, within this share of it. */
const BLUR = 0.03;

/**
 * The interval that would have kept most of the up-times seen, where they say clearly that it is another than the model's; else the model's.
 *
 * Interruptions need not be spread evenly: capacity that is handed out by the quarter of an hour is taken back by it. So each interval is played
 * against the up-times that came as far as this one: it gains τ where the checkpoint is done before the nodes go, and costs the time that it
 * takes, at the rate g at which time turns into kept training (renewal-reward: τ P(done) - g E[time]). The model takes part as some more
 * up-times. What an interval gains over the model's must exceed its standard error, or chance would choose.
 */
export function clearlyBest(moment: Moment): number {
  const { exposures, upSeconds, meanSeconds, stallSeconds } = moment;
  const model = optimalIntervalSeconds(meanSeconds, stallSeconds);
  const lives = exposures.filter(({ seconds, interrupted }) => interrupted && seconds > upSeconds);
  if (lives.length < FEWEST || !(model > 0)) return model;
  const longest = upSeconds + FACTOR * model + stallSeconds;
  const near = lives.filter(({ seconds }) => seconds * (1 - BLUR) < longest).map(({ seconds }) => seconds);
  const game = { ...moment, near, far: lives.length - near.length, rate: 1 - model / meanSeconds };
  const usual = near.map((life) => played(model, life, game));
  let best = { interval: model, gain: 0 };
  for (let step = -STEPS; step <= STEPS; step += 1) {
    const interval = model * FACTOR ** (step / STEPS);
    const gain = step === 0 ? 0 : gainOver(usual, model, interval, game);
    if (gain > best.gain) best = { interval, gain };
  }
  return best.interval;
}

interface Game extends Moment {
  /** Whole up-times that some interval tried may not survive, seconds. */
  readonly near: readonly number[];
  /** How many outlast them all. */
  readonly far: number;
  readonly rate: number;
}

/**
 * Mean gain of an interval over the model's, seconds; 0 where it is within its standard error.
 * @param usual what the model's gains in each up-time
 */
function gainOver(usual: readonly number[], model: number, interval: number, game: Game): number {
  const believed = expected(interval, game);
  const before = expected(model, game);
  const change = believed.gain - before.gain;
  const safe = (interval - model) * (1 - game.rate);
  let sum = MODEL_WEIGHT * change + game.far * safe;
  let squares = MODEL_WEIGHT * (change ** 2 + Math.max(believed.variance, before.variance)) + game.far * safe ** 2;
  for (let index = 0; index < game.near.length; index += 1) {
    const gain = played(interval, game.near[index] ?? 0, game) - (usual[index] ?? 0);
    sum += gain;
    squares += gain ** 2;
  }
  const count = game.near.length + game.far + MODEL_WEIGHT;
  const mean = sum / count;
  const error = Math.sqrt(Math.max(0, squares / count - mean ** 2) / count);
  return mean > error ? mean : 0;
}

/** What an interval gains in one up-time. */
function played(interval: number, life: number, { upSeconds, stallSeconds, rate }: Game): number {
  const done = upSeconds + interval + stallSeconds;
  const isDone = Math.min(1, Math.max(0, (life * (1 + BLUR) - done) / (2 * BLUR * life)));
  return interval * isDone - rate * (Math.min(life, done) - upSeconds);
}

/** The same by the model: interruptions at a constant rate. */
function expected(
  interval: number,
  { meanSeconds, stallSeconds, rate }: Game,
): { readonly gain: number; readonly variance: number } {
  const isDone = Math.exp(-(interval + stallSeconds) / meanSeconds);
  const gain = interval * isDone - rate * meanSeconds * (1 - isDone);
  return { gain, variance: interval ** 2 * isDone * (1 - isDone) };
}
