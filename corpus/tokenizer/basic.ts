const plainAscii = /^[\t\n\r\x20-\x7e]*$/;
const removed = /(?![\t\n\r])[\p{Cc}\p{Cf}\0\ufffd]/gu;
/** Zs, the ASCII spaces that are left, and the two separators at which Python's str.split() breaks too. */
const space = /[ \t\n\r\p{Zs}\u2028\u2029]+/u;
const marks = /\p{Mn}/gu;
/** google-research/bert counts every ASCII sign that is no letter or digit as punctuation, `$` and `^` too. */
const punctuation = /[\p{P}$+<=>^`|~]/u;
const nonAscii = /[^\0-\x7f]/;

/** Receives one word; it may be kept, it is never changed afterwards. */
export type VisitWord = (word: string) => void;

/**
 * Splits text into words and single punctuation signs as google-research/bert's BasicTokenizer does: cleans, puts space
 * around CJK characters, lower-cases and strips accents if asked, splits at white space and punctuation.
 */
export function visitWords(text: string, lowercase: boolean, visit: VisitWord): void {
  if (plainAscii.test(text)) return visitAscii(lowercase ? text.toLowerCase() : text, visit);
  const spaced = spaceIdeographs(text.replace(removed, ''));
  for (const token of spaced.split(space)) {
    if (token === '') continue;
    // Lower-casing is done token by token: the form of a Greek sigma depends on where its word ends.
    const lower = lowercase ? token.toLowerCase() : token;
    if (!nonAscii.test(lower)) visitAscii(lower, visit);
    else visitUnicode(lowercase ? lower.normalize('NFD').replace(marks, '') : lower, visit);
  }
}

const isWordCode = Uint8Array.from({ length: 128 }, (_, code) =>
  /[0-9A-Za-z]/.test(String.fromCharCode(code)) ? 1 : 0,
);

function visitAscii(text: string, visit: VisitWord): void {
  let start = -1;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (isWordCode[code] === 1) {
      if (start < 0) start = index;
      continue;
    }
    if (start >= 0) visit(text.slice(start, index));
    start = -1;
    if (code > 32) visit(text[index] as string);
  }
  if (start >= 0) visit(text.slice(start));
}

function visitUnicode(token: string, visit: VisitWord): void {
  let word = '';
  for (const character of token) {
    if (!punctuation.test(character)) {
      word += character;
      continue;
    }
    if (word !== '') visit(word);
    word = '';
    visit(character);
  }
  if (word !== '') visit(word);
}

const ideograph =
  /[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\u{20000}-\u{2a6df}\u{2a700}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;

function spaceIdeographs(text: string): string {
  return text.replace(ideograph, ' $& ');
}
