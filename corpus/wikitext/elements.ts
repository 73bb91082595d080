import { paragraphEnd, replaceSpans, type Span } from './balanced.js';
import { hole } from './hole.js';

const tag =
  /<(\/?)(ref|references|math|chem|ce|gallery|timeline|source|syntaxhighlight|pre|code|table|score|hiero|imagemap|graph|mapframe|maplink|templatestyles|inputbox|categorytree|section|noinclude|includeonly|nowiki|poem|ref-list)\b([^<>]*)>/gi;

/** Elements that leave a hole when they stand inside a sentence. */
const leavesHole = new Set(['math', 'chem', 'ce', 'code', 'source', 'syntaxhighlight', 'hiero', 'score']);
/** Tags of which only the markup goes and the content stays. */
const transparent = new Set(['noinclude', 'poem', 'code']);
/** Tags to look through for a closing one, so that a page of nothing but opening ones takes no forever. */
const farthestClosing = 2000;
const simpleFormula = /^[\w\s+\-−=<>≤≥*/().,;:'|!?%°]{1,40}$/;

interface Tag {
  readonly name: string;
  readonly closes: boolean;
  readonly alone: boolean;
  readonly start: number;
  readonly end: number;
}

/** Takes out comments and the elements whose content is not prose (references, formulas, source code, galleries). */
export function removeElements(source: string): string {
  const text = removeComments(source);
  const tags = [...text.matchAll(tag)].map(readTag);
  if (tags.length === 0) return text;
  const spans: Array<Span & { readonly instead: string }> = [];
  for (let index = 0; index < tags.length; index++) {
    const opening = tags[index] as Tag;
    if (opening.closes || opening.alone || transparent.has(opening.name)) {
      spans.push({ start: opening.start, end: opening.end, instead: '' });
      continue;
    }
    const closing = closingOf(tags, index);
    const end = closing < 0 ? paragraphEnd(text, opening.end) : (tags[closing] as Tag).end;
    const content = closing < 0 ? '' : text.slice(opening.end, (tags[closing] as Tag).start);
    spans.push({ start: opening.start, end, instead: substitute(opening.name, content) });
    while ((tags[index + 1]?.start ?? end) < end) index++;
  }
  const instead = new Map<Span, string>(spans.map((span) => [span, span.instead]));
  return replaceSpans(text, spans, (span) => instead.get(span) ?? '');
}

/** A comment that never closes, or meets the start of the next one first, ends with its paragraph. */
function removeComments(text: string): string {
  let result = '';
  let copied = 0;
  for (let start = text.indexOf('<!--'); start >= 0; start = text.indexOf('<!--', copied)) {
    const next = text.indexOf('<!--', start + 4);
    const close = text.slice(start, next < 0 ? undefined : next).indexOf('-->');
    result += text.slice(copied, start);
    copied = close < 0 ? paragraphEnd(text, start) : start + close + 3;
  }
  return copied === 0 ? text : result + text.slice(copied);
}

function readTag(match: RegExpExecArray): Tag {
  const [whole, slash, name = '', attributes = ''] = match;
  const lower = name.toLowerCase();
  const alone = attributes.trimEnd().endsWith('/') || lower === 'templatestyles' || lower === 'section';
  return { name: lower, closes: slash === '/', alone, start: match.index, end: match.index + whole.length };
}

/** The tag that closes `tags[index]`, or -1: a reference that meets the next reference first was never closed. */
function closingOf(tags: readonly Tag[], index: number): number {
  const { name } = tags[index] as Tag;
  let depth = 1;
  const limit = Math.min(tags.length, index + farthestClosing);
  for (let next = index + 1; next < limit; next++) {
    const tag = tags[next] as Tag;
    if (tag.name !== name || tag.alone) continue;
    if (tag.closes) depth--;
    else if (name === 'table') depth++;
    else return -1;
    if (depth === 0) return next;
  }
  return -1;
}

function substitute(name: string, content: string): string {
  if (name === 'nowiki') return content.replace(/[[\]{}|'<>=*#:;]/g, (mark) => `&#${mark.charCodeAt(0)};`);
  const readsAsText = name === 'math' && simpleFormula.test(content);
  if (readsAsText) return content.trim().replace(/[<>|']/g, (mark) => `&#${mark.charCodeAt(0)};`);
  return leavesHole.has(name) ? hole : '';
}
