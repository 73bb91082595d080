import { isTidy } from './tidy.js';

const spaces = /[\s\u00a0\u2000-\u200a\u202f\u3000]+/g;
const invisible = /[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]/g;
const openingDebris = /([([])\s*(?:[,;:]\s*|[–-]\s+)+|([([])\s+/g;
const closingDebris = /[\s,;:]+([)\]])/g;
/** A bar or half a bracket that belonged to markup, the end of a comment. */
const strayMarks = /(?<=^|[\s(])\||-->|\[$/g;
const emptyBrackets = /\(\s*\)|\[\s*\]/g;

/** Tidies what removal leaves behind: runs of space, empty brackets, stray separators inside and before punctuation. */
export function polish(text: string): string {
  return isTidy(text) ? text : polished(text);
}

/** The same without a look at whether there is anything to do. */
export function polished(text: string): string {
  const mayHoldMarks = text.includes('|') || text.includes('-->') || text.includes('[');
  const visible = text.replace(invisible, '');
  let result = (mayHoldMarks ? visible.replace(strayMarks, ' ') : visible).replace(spaces, ' ');
  if (result.includes('(') || result.includes('[')) {
    result = result.replace(openingDebris, '$1$2').replace(closingDebris, '$1').replace(emptyBrackets, '');
  }
  return result
    .replace(/ +([,.;:!?)](?:\s|$))/g, '$1')
    .replace(/([,;:])(?:\s*[,;]|\s+:)+/g, '$1')
    .replace(/ {2,}/g, ' ')
    .trim();
}
