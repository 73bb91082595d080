import { balance, replaceSpans, restOfParagraphs } from './balanced.js';
import { expand } from './expansions.js';

const braces = /\{\{+|\}\}+|\n==/g;
const deepestExpansion = 8;

/**
 * Takes templates out, nested ones too; the few that carry words of the sentence they stand in are expanded.
 * One that never closes takes the rest of its paragraph with it and no more.
 */
export function removeTemplates(text: string, depth = 0): string {
  if (!text.includes('{{')) return text;
  const { spans, unclosed } = balance(text, braces, '{{', '}}');
  const replace = ({ start, end }: { start: number; end: number }): string =>
    depth < deepestExpansion ? expandTemplate(text.slice(start + 2, end - 2), depth + 1) : '';
  return replaceSpans(text, spans, replace, restOfParagraphs(text, unclosed));
}

function expandTemplate(content: string, depth: number): string {
  const [name = '', ...rest] = splitArguments(content);
  const expansion = expand(name.trim(), rest);
  return expansion === undefined ? '' : removeTemplates(expansion, depth);
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
