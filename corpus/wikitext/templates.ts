import { balance, paragraphEnd, replaceSpans, type Span } from './balanced.js';
import { expand } from './expansions.js';

const braces = /\{\{+|\}\}+|\n==/g;

/**
 * Takes templates out, nested ones too; the few that carry words of the sentence they stand in are expanded.
 * One that never closes takes the rest of its paragraph with it and no more.
 */
export function removeTemplates(text: string): string {
  if (!text.includes('{{')) return text;
  const { spans, unclosed } = balance(text, braces, '{{', '}}');
  const replaced = replaceSpans(text, merge(text, spans, unclosed), ({ start, end }) =>
    text.startsWith('}}', end - 2) ? expandTemplate(text.slice(start + 2, end - 2)) : '',
  );
  return replaced;
}

function merge(text: string, spans: readonly Span[], unclosed: readonly number[]): Span[] {
  const cut = unclosed.map((start) => ({ start, end: paragraphEnd(text, start) }));
  return [...spans, ...cut].sort((a, b) => a.start - b.start);
}

function expandTemplate(content: string): string {
  const [name = '', ...rest] = splitArguments(content);
  const expansion = expand(name.trim(), rest);
  return expansion === undefined ? '' : removeTemplates(expansion);
}

/** Splits at the bars that stand outside inner templates and links. */
function splitArguments(content: string): string[] {
  if (!content.includes('{{') && !content.includes('[[')) return content.split('|');
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const match of content.matchAll(/\{\{|\[\[|\}\}|\]\]|\|/g)) {
    const [mark] = match;
    if (mark === '|') {
      if (depth > 0) continue;
      parts.push(content.slice(start, match.index));
      start = match.index + 1;
    } else depth += mark === '{{' || mark === '[[' ? 1 : -1;
  }
  parts.push(content.slice(start));
  return parts;
}
