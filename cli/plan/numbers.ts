import type { Range } from '../../domain/forecast/range.js';

/** Two digits of a guess are enough, three where it is large: `5.4`, `54`, `540`, `5,430`. */
export function rounded(value: number): string {
  if (value < 0.01) return value.toPrecision(2);
  const digits = value >= 1000 ? 3 : 2;
  return Number(value.toPrecision(digits)).toLocaleString('en-US', { maximumFractionDigits: 4 });
}

/** `54 (36 to 102)`; a number that is known alone. */
export const numberRange = (range: Range) => inWords(range, rounded);

/** Of things that happen: `24 (4 to 86)`, below one `0.2`. */
export const countRange = (range: Range) =>
  inWords(range, (value) => (value < 1 ? value.toFixed(1) : value.toFixed(0)));

/** `54 h (36 to 102)`, in days where it is long. */
export function hoursWords({ best, typical, worst }: Range): string {
  const inDays = typical >= 72;
  const unit = inDays ? 'days' : 'h';
  const words = inWords({ best, typical, worst }, (hours) => rounded(inDays ? hours / 24 : hours));
  return words.replace(/ \(|$/, (found) => ` ${unit}${found}`);
}

function inWords({ best, typical, worst }: Range, words: (value: number) => string): string {
  const [low, high] = [words(Math.min(best, worst)), words(Math.max(best, worst))];
  return low === high ? words(typical) : `${words(typical)} (${low} to ${high})`;
}

/** `91 %`; near the whole with a digit more, for nothing is ever without loss: `99.6 %`. */
export const percent = (share: number) => `${(100 * share).toFixed(share > 0.985 && share < 1 ? 1 : 0)} %`;
