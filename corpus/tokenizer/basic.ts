import { unit, unitClasses } from './classes.js';

const removed = /(?![\t\n\r])[\p{Cc}\p{Cf}\0\ufffd]/gu;
const marks = /\p{Mn}/gu;
const ideograph =
  /[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\u{20000}-\u{2a6df}\u{2a700}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;
const wordOrSign = /[\p{P}$+<=>^`|~]|[^\p{P}$+<=>^`|~]+/gu;

/** Receives one word, `text[start .. end]`. */
export type VisitRange = (text: string, start: number, end: number) => void;

/**
 * Splits text into words and single punctuation signs as google-research/bert's BasicTokenizer does: cleans, puts space
 * around CJK characters, lower-cases and strips accents if asked, splits at white space and punctuation.
 * Capitals of ASCII are left to whoever takes the words, so that most text is split where it stands.
 */
export function visitRanges(text: string, lowercase: boolean, visit: VisitRange): void {
  const classes = unitClasses(lowercase);
  let index = 0;
  while (index < text.length) {
    const start = index;
    let kinds = 0;
    for (; index < text.length; index++) {
      const kind = classes[text.charCodeAt(index)] as number;
      if (kind === unit.space) break;
      kinds |= kind;
    }
    if (kinds === unit.word) {
      if (start < index) visit(text, start, index);
    } else if (kinds < unit.special) splitToken(text, start, index, classes, visit);
    else visitChanged(text.slice(start, index), lowercase, visit);
    index++;
  }
}

/** The words as strings, lower-cased if asked. */
export function visitWords(text: string, lowercase: boolean, visit: (word: string) => void): void {
  visitRanges(text, lowercase, (whole, start, end) => {
    const word = whole.slice(start, end);
    visit(lowercase ? word.toLowerCase() : word);
  });
}

function splitToken(text: string, start: number, end: number, classes: Uint8Array, visit: VisitRange): void {
  let wordStart = start;
  for (let index = start; index < end; index++) {
    if (classes[text.charCodeAt(index)] === unit.word) continue;
    if (wordStart < index) visit(text, wordStart, index);
    visit(text, index, index + 1);
    wordStart = index + 1;
  }
  if (wordStart < end) visit(text, wordStart, end);
}

/** A token in which something goes, is put apart, or changes with its neighbours: the form of a Greek sigma depends on where its word ends. */
function visitChanged(token: string, lowercase: boolean, visit: VisitRange): void {
  const spaced = token.replace(removed, '').replace(ideograph, ' $& ');
  for (const part of spaced.split(' ')) {
    const plain = lowercase ? part.toLowerCase().normalize('NFD').replace(marks, '') : part;
    for (const [word] of plain.matchAll(wordOrSign)) visit(word, 0, word.length);
  }
}
