import type { Preparation } from './options.js';
import type { Page } from './page.js';

/** Why a page is not in the dataset; every page read is either kept or counted under one of these. */
export type SkipReason = 'namespace' | 'redirect' | 'disambiguation' | 'empty' | 'short' | 'damaged' | 'duplicate';

const disambiguation =
  /\s*(?:(?:[\w -]+ )?disambig(?:uation)?(?: page| cleanup)?|dab|disamb|hndis|geodis|numberdis|letter-numbercombdisambig)\s*(?:\||\}\})/iy;

/** Why this page is left out before its text is looked at, or undefined when it is kept. */
export function skipReason(page: Page, options: Preparation): SkipReason | undefined {
  if (!page.isWikitext) return page.text.trim() === '' ? 'empty' : undefined;
  if (page.redirect) return 'redirect';
  if (!options.namespaces.includes(page.namespace)) return 'namespace';
  if (page.text.trim() === '') return 'empty';
  if (!options.keepDisambiguation && isDisambiguation(page.text)) return 'disambiguation';
  return undefined;
}

/** The pattern is tried at the start of each template alone, which the search for a text finds faster than a pattern does. */
function isDisambiguation(text: string): boolean {
  for (let braces = text.indexOf('{{'); braces >= 0; braces = text.indexOf('{{', braces + 1)) {
    disambiguation.lastIndex = braces + 2;
    if (disambiguation.test(text)) return true;
  }
  return false;
}
