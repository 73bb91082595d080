import type { Site } from '../site.js';
import { splitBlocks, type Block } from './blocks.js';
import { removeElements } from './elements.js';
import { hole } from './hole.js';
import { replaceLinks } from './links.js';
import { removeTables } from './tables.js';
import { removeTemplates } from './templates.js';

/**
 * Plain text of a page's wikitext, in paragraphs and list items. Never throws: markup that does not balance
 * costs at most the paragraph it stands in.
 * @param dropSections lower-case headings whose sections are left out
 */
export function cleanWikitext(wikitext: string, site: Site, dropSections: ReadonlySet<string>): Block[] {
  const source = wikitext.replaceAll(hole, '');
  // The order matters: elements may hold unbalanced braces, templates may hold table bars, tables may hold links.
  const prose = removeTables(removeTemplates(removeElements(source)));
  return splitBlocks(replaceLinks(prose, site), dropSections);
}
