import { createHash } from 'node:crypto';
import type { Page } from '../page.js';

/**
 * A document of running text as a page.
 * @param id what the input calls it; without one, 52 bits of the hash of its text: the same however the input is cut into pieces,
 *   and the same for two equal documents, so that both are on one side of the held-out split
 */
export function plainPage(text: string, title: string, id = idOf(text)): Page {
  return { id, revision: 0, namespace: 0, title, redirect: false, text, isWikitext: false, offset: 0 };
}

function idOf(text: string): number {
  return Number.parseInt(createHash('sha256').update(text).digest('hex').slice(0, 13), 16);
}
