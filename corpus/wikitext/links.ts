import type { Site } from '../site.js';
import { balance, replaceSpans } from './balanced.js';

const brackets = /\[\[+|\]\]+|\n\s*\n|\n==/g;
const external = /\[(?:https?:|ftp:|mailto:|irc:|\/\/)[^\s[\]]*[ \t]*([^\]\n]{0,200})\]/gi;
const bareAddress = /\b(?:https?|ftp):\/\/[^\s<>[\]|]+/gi;
const interlanguage = /^(?:[a-z]{2,3}|simple)(?:-[a-z]{2,10})*$/;

/** Replaces links by the words they show; files, categories and links to the same page in other languages show none. */
export function replaceLinks(text: string, site: Site): string {
  const internal = text.includes('[[') ? replaceInternal(text, site) : text;
  const withoutBrackets = internal.includes('[') ? internal.replace(external, '$1') : internal;
  return withoutBrackets.includes('://') ? withoutBrackets.replace(bareAddress, '') : withoutBrackets;
}

const deepestLink = 8;

function replaceInternal(text: string, site: Site, depth = 0): string {
  const { spans } = balance(text, brackets, '[[', ']]');
  const replaced = replaceSpans(text, spans, ({ start, end }) => shownBy(text.slice(start + 2, end - 2), site, depth));
  // What is left never closed: its words stay, its brackets go, and an unfinished file link goes with its line.
  return replaced.replace(/\[\[(?:file|image):[^\n]*/gi, '').replace(/\[\[|\]\]/g, '');
}

function shownBy(content: string, site: Site, depth: number): string {
  const bar = content.indexOf('|');
  const target = (bar < 0 ? content : content.slice(0, bar)).trim();
  const colon = target.indexOf(':');
  if (colon > 0) {
    const prefix = target.slice(0, colon).trim().toLowerCase();
    const showsNothing =
      site.filePrefixes.has(prefix) ||
      site.categoryPrefixes.has(prefix) ||
      (interlanguage.test(prefix) && bar < 0 && !/\s/.test(target[colon + 1] ?? ''));
    if (showsNothing) return '';
  }
  const shown = bar < 0 ? target.replace(/^:/, '') : content.slice(bar + 1);
  const holdsLinks = shown.includes('[[') && depth < deepestLink;
  return holdsLinks ? replaceInternal(shown, site, depth + 1) : shown;
}
