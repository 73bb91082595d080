import { replaceSpans, restOfParagraphs, type Span } from './balanced.js';

const edge = /^[ \t:*#;]*(?:(\{\|)|(\|\}))|^==/gm;

/** Takes tables out, nested ones too. One that never closes takes the rest of its paragraph with it and no more. */
export function removeTables(text: string): string {
  if (!text.includes('{|')) return text;
  const stack: number[] = [];
  const spans: Span[] = [];
  let unclosed: number[] = [];
  for (const match of text.matchAll(edge)) {
    const [whole, opens, closes] = match;
    if (opens !== undefined) stack.push(match.index);
    else if (closes === undefined) unclosed = unclosed.concat(stack.splice(0));
    else if (stack.length > 0) {
      const start = stack.pop() ?? 0;
      while ((spans.at(-1)?.start ?? -1) > start) spans.pop();
      spans.push({ start, end: match.index + whole.length });
    }
  }
  return replaceSpans(text, spans, () => '\n', restOfParagraphs(text, unclosed.concat(stack)));
}
