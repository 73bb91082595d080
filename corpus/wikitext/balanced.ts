/** A half-open range of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What balancing found: the outermost closed spans, and where something opened that never closed; both in text order. */
export interface Balance {
  readonly spans: readonly Span[];
  readonly unclosed: readonly number[];
}

/**
 * Pairs the brackets that `token` finds. A match that starts with `open` or `close` is a run of them (a run of 4 is two);
 * any other match is a barrier: what is still open there counts as never closed, so that one forgotten bracket cannot
 * swallow the rest of the page.
 */
export function balance(text: string, token: RegExp, open: string, close: string): Balance {
  const stack: number[] = [];
  const spans: Span[] = [];
  let unclosed: number[] = [];
  for (const match of text.matchAll(token)) {
    const [run] = match;
    const pairs = run.length >> 1;
    if (run.startsWith(open)) {
      for (let pair = 0; pair < pairs; pair++) stack.push(match.index + 2 * pair);
    } else if (run.startsWith(close)) {
      closeRun(stack, spans, match.index, run.length);
    } else {
      unclosed = unclosed.concat(stack.splice(0));
    }
  }
  return { spans, unclosed: outside(unclosed.concat(stack), spans) };
}

/** The positions that lie in none of the spans; both are in text order. */
function outside(positions: readonly number[], spans: readonly Span[]): number[] {
  let next = 0;
  return positions.filter((position) => {
    while ((spans[next]?.end ?? Infinity) <= position) next++;
    return (spans[next]?.start ?? Infinity) > position;
  });
}

function closeRun(stack: number[], spans: Span[], index: number, length: number): void {
  const pairs = Math.min(length >> 1, stack.length);
  for (let pair = 1; pair <= pairs; pair++) {
    const start = stack.pop() ?? index;
    // An odd run is a triple bracket, such as {{{1}}}: its last pair takes the third one too.
    const end = pair === pairs ? index + 2 * pair + (length & 1) : index + 2 * pair;
    while ((spans.at(-1)?.start ?? -1) > start) spans.pop();
    spans.push({ start, end });
  }
}

/** Where the paragraph around `from` ends: at the next blank line or heading, or at the end of the text. */
export function paragraphEnd(text: string, from: number): number {
  const rest = /\n[ \t]*\n|\n==/g;
  rest.lastIndex = from;
  return rest.exec(text)?.index ?? text.length;
}

/** What goes with brackets that never close: each start's paragraph from there on; both in text order. */
export function restOfParagraphs(text: string, starts: readonly number[]): Span[] {
  const cuts: Span[] = [];
  for (const start of starts) {
    const isCutAlready = (cuts.at(-1)?.end ?? -1) > start;
    if (!isCutAlready) cuts.push({ start, end: paragraphEnd(text, start) });
  }
  return cuts;
}

/** A copy of `text` without `cuts` and with each of `spans` replaced; where two overlap, both go and nothing comes instead. */
export function replaceSpans(
  text: string,
  spans: readonly Span[],
  replace: (span: Span) => string,
  cuts: readonly Span[] = [],
): string {
  const isCut = new Set(cuts);
  const ordered = cuts.length === 0 ? spans : [...spans, ...cuts].sort((a, b) => a.start - b.start);
  let result = '';
  let copied = 0;
  for (const span of ordered) {
    const overlaps = span.start < copied;
    if (!overlaps) result += text.slice(copied, span.start) + (isCut.has(span) ? '' : replace(span));
    copied = Math.max(copied, span.end);
  }
  return copied === 0 ? text : result + text.slice(copied);
}
