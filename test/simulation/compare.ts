import { seeded } from '../house/random.js';
import { type Played, playSupervised } from './pure/play.js';
import type { Schedule } from './schedule.js';

/** Calls in a real layer take milliseconds to a second; each pure play of the family takes another way through that. */
const FAMILY = 60;
const LONGEST_CALL_MS = 1_000;

/**
 * Why a real layer's trace is none that the pure decisions come to; null where it is one of theirs. The layers differ by milliseconds, so that
 * a fault may strike just before a boundary in one and just behind it in the other: the pure layer is played with other lengths of its calls
 * until it does the same, at most `FAMILY` times.
 */
export function divergence(schedule: Schedule, real: Played): string | null {
  const inWords = schedule.money ? inWordsOfMoney : schedule.deadline ? inWordsOfDeadline : inPlainWords;
  const wanted = inWords(real.trace);
  const seen = new Set<string>();
  for (const callMs of lengths(schedule.seed)) {
    const { trace } = playSupervised(schedule, undefined, callMs);
    if (inWords(trace) === wanted) return null;
    seen.add(inWords(trace));
  }
  const [nearest = ''] = [...seen].sort((a, b) => inCommon(b, wanted) - inCommon(a, wanted));
  return `it came to: ${wanted} - the pure decisions came, in ${FAMILY} plays, to ${seen.size} others, the nearest: ${nearest}`;
}

/**
 * Whether a job is tried on cheap nodes once more before it is due depends on when a person comes, and whether a job that has done its last step
 * is still moved on whether the watch or the storage is first; that the move is right is an invariant of its own.
 */
const inWordsOfDeadline = (trace: readonly string[]): string => {
  const moved = trace.map((line) => /^a\d+ moved-for-deadline/.test(line));
  const words = trace.map((line, index) => (moved[index - 1] ? line.replace(ALL_WAS_DONE, '$1its own') : line));
  return inPlainWords(words.filter((_, index) => !moved[index]));
};

const ALL_WAS_DONE = /(completed, goes on from )an older one$/;

/** Refusals for want of capacity add up what the layers differ by, a look each: how many come in a row is compared up to so many. */
const COUNTED_REFUSALS = 6;

function inPlainWords(trace: readonly string[]): string {
  let refusals = 0;
  const counted = trace
    .map((line) => line.replace(/^a\d+ /, ''))
    .filter((line) => (refusals = line.startsWith('no-capacity') ? refusals + 1 : 0) <= COUNTED_REFUSALS);
  return counted.join('; ');
}

/** Watch, trainer and Azure know the end of the budget by themselves: who of them is first is a matter of milliseconds, what follows is the same. */
const inWordsOfMoney = (trace: readonly string[]): string =>
  inPlainWords(trace)
    .replace(/budget-spent|spend-until|time-limit/g, 'ended for money')
    .replace(/(ended for money, [^;]*; failed) \(stopped\)$/, '$1');

function* lengths(seed: number): Iterable<() => number> {
  for (const always of [15, 40, 400, 1]) yield () => always;
  for (let index = 4; index < FAMILY; index++) {
    const draw = seeded(seed * 1_000 + index);
    const longest = LONGEST_CALL_MS * draw();
    yield () => 1 + draw() * longest;
  }
}

/** Length of the common beginning. */
function inCommon(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}
