const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Never end a sentence. */
const always = set(
  'brig. dr. mr. mrs. ms. messrs. prof. rev. fr. gen. col. lt. capt. sgt. cpl. cmdr. adm. maj. gov. sen. rep. pres. hon. st. ste. mt. ft. ' +
    'e.g. i.e. cf. vs. viz. approx. ca. c. op. esp. incl. resp. lit. trans. ed. eds. b. d. r. fl.',
);
/** End a sentence unless a number follows. */
const beforeNumber = set(
  'no. nos. fig. figs. vol. vols. pp. p. pt. ch. sec. art. eq. ref. op. n. jan. feb. mar. apr. jun. jul. aug. sep. sept. oct. nov. dec.',
);
/** End a sentence only when the next word is one that often starts sentences. */
const often = set(
  'inc. ltd. co. corp. bros. jr. sr. etc. al. ph.d. univ. dept. est. ave. blvd. rd. assn. intl. jan. feb. aug. sept. oct. nov. dec.',
);
const starters = set(
  'the a an it its in on at he she they this that these those there his her their we as by for from with when while after before during since ' +
    'although though however but and if some many most other others both one two all each no not to today later according i you such like under ' +
    'unlike among because between despite',
);
const initials = /^(?:\p{L}\.)+$/u;
const tooLongToJoin = 600;

/**
 * Whether what looks like the end of a sentence is not one: `before` ends in an abbreviation or initials,
 * or inside a bracket, and goes on with `next`.
 */
export function goesOn(before: string, next: string): boolean {
  if (before.length > tooLongToJoin) return false;
  const last = before.slice(before.lastIndexOf(' ') + 1).replace(/^[("'“‘[]+/, '');
  if (last.endsWith('.') && isAbbreviated(last, next)) return true;
  return before.includes('(') && count(before, '(') > count(before, ')') && next.includes(')');
}

function isAbbreviated(last: string, next: string): boolean {
  const lower = last.toLowerCase();
  if (always.has(lower)) return true;
  const startsWithNumber = /^\d/.test(next);
  if (beforeNumber.has(lower) && startsWithNumber) return true;
  const mayEnd = often.has(lower) || initials.test(last);
  if (!mayEnd) return false;
  const following = /^[\p{L}\p{N}]+/u.exec(next)?.[0].toLowerCase();
  return following !== undefined && !starters.has(following);
}

function count(text: string, mark: string): number {
  return text.split(mark).length - 1;
}
