import type { Block } from './wikitext/blocks.js';

const finished = /[.!?…。！？:;]["'”’»)\]]*$/u;

/**
 * The paragraphs of running text. A line that ends as sentences do ends a paragraph, since many texts have one sentence a line;
 * another one goes on in the next line, since many are broken at a column.
 */
export function plainBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let paragraph = '';
  const finish = (): void => {
    if (paragraph !== '') blocks.push({ text: paragraph, isListItem: false });
    paragraph = '';
  };
  for (const raw of text.split('\n')) {
    const line = raw.replace(/\s+/g, ' ').trim();
    if (line !== '') paragraph = paragraph === '' ? line : `${paragraph} ${line}`;
    if (line === '' || finished.test(line)) finish();
  }
  finish();
  return blocks;
}
