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
  const unclosed: number[] = [];
  for (const match of text.matchAll(token)) {
    const [run] = match;
    const pairs = run.length >> 1;
    if (run.startsWith(open)) {
      for (let pair = 0; pair < pairs; pair++) stack.push(match.index + 2 * pair);
    } else if (run.startsWith(close)) {
      closeRun(stack, spans, match.index, run.length);
    } else {
      unclosed.push(...stack.splice(0));
    }
  }
  unclosed.push(...stack);
  return { spans, unclosed: unclosed.filter((start) => !spans.some((span) => span.start < start && start < span.end)) };
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

/** A copy of `text` in which each span, given in order and without overlap, is replaced. */
export function replaceSpans(text: string, spans: readonly Span[], replace: (span: Span) => string): string {
  let result = '';
  let copied = 0;
  for (const span of spans) {
    if (span.start < copied) continue;
    result += text.slice(copied, span.start) + replace(span);
    copied = span.end;
  }
  return copied === 0 ? text : result + text.slice(copied);
}
