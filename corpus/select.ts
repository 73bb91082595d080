import type { Preparation } from './options.js';
import type { Page } from './page.js';

/** Why a page is not in the dataset; every page read is either kept or counted under one of these. */
export type SkipReason = 'namespace' | 'redirect' | 'disambiguation' | 'empty' | 'short' | 'damaged' | 'duplicate';

const disambiguation =
  /\{\{\s*(?:(?:[\w -]+ )?disambig(?:uation)?(?: page| cleanup)?|dab|disamb|hndis|geodis|numberdis|letter-numbercombdisambig)\s*(?:\||\}\})/i;

/** Why this page is left out before its text is looked at, or undefined when it is kept. */
export function skipReason(page: Page, options: Preparation): SkipReason | undefined {
  if (!page.isWikitext) return page.text.trim() === '' ? 'empty' : undefined;
  if (page.redirect) return 'redirect';
  if (!options.namespaces.includes(page.namespace)) return 'namespace';
  if (page.text.trim() === '') return 'empty';
  if (!options.keepDisambiguation && disambiguation.test(page.text)) return 'disambiguation';
  return undefined;
}
