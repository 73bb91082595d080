import { decodeEntities } from '../entities.js';
import { polish } from './polish.js';

/** A stretch of running text: a paragraph, or one item of a list. */
export interface Block {
  readonly text: string;
  readonly isListItem: boolean;
}

const heading = /^(={1,6})\s*(.*?)\s*={1,6}\s*$/;
const listMark = /^[*#:;]+\s*/;
const debris = /^(?:\||!.*(?:\|\||!!|=)|\{\||\}|-{4,}|#redirect)/i;
const breakingTag = /<\/?(?:br|p|div|li|ul|ol|dl|dt|dd|tr|td|th|blockquote|center|hr|h[1-6])\b[^<>]*>/gi;
const anyTag = /<\/?[a-z][a-z0-9]*(?:\s[^<>]*)?\/?>/gi;
const magicWord = /__[A-Z]{3,}__/g;

/**
 * Splits wikitext that holds no templates, tables or links any more into blocks.
 * @param dropSections lower-case headings whose sections are left out, with their subsections
 */
export function splitBlocks(text: string, dropSections: ReadonlySet<string>): Block[] {
  const blocks: Block[] = [];
  let paragraph = '';
  let droppedLevel = 0;
  const finish = (): void => {
    if (paragraph !== '') add(blocks, paragraph, false);
    paragraph = '';
  };
  for (const raw of withoutTags(text).split('\n')) {
    const line = raw.trim();
    const [, marks, title] = line.startsWith('=') ? (heading.exec(line) ?? []) : [];
    if (marks !== undefined) {
      finish();
      const leaves = droppedLevel === 0 || marks.length <= droppedLevel;
      if (leaves) droppedLevel = dropSections.has((title ?? '').toLowerCase()) ? marks.length : 0;
    } else if (droppedLevel > 0 || line === '' || debris.test(line)) finish();
    else if (isPreformatted(raw)) finish();
    else if (listMark.test(line)) {
      finish();
      add(blocks, line.replace(listMark, ''), true);
    } else paragraph = paragraph === '' ? line : `${paragraph} ${line}`;
  }
  finish();
  return blocks;
}

function withoutTags(text: string): string {
  const untagged = text.includes('<') ? text.replace(breakingTag, '\n').replace(anyTag, '') : text;
  const unquoted = untagged.includes("''") ? untagged.replace(/'{2,5}/g, '') : untagged;
  return unquoted.includes('__') ? unquoted.replace(magicWord, '') : unquoted;
}

/** A leading space makes a line of program text; before prose it stands by accident, and prose looks like prose. */
function isPreformatted(line: string): boolean {
  return line.startsWith(' ') && !/^\s*["“']*\p{Lu}.{30,}[.!?:;,]["')”]*\s*$/u.test(line);
}

function add(blocks: Block[], wikitext: string, isListItem: boolean): void {
  const text = polish(decodeEntities(wikitext));
  if (text !== '') blocks.push({ text, isListItem });
}
