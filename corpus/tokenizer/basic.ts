import { unit, unitClasses } from './classes.js';
import { textOf, Units } from './units.js';

const removed = /(?![\t\n\r])[\p{Cc}\p{Cf}\0\ufffd]/gu;
const marks = /\p{Mn}/gu;
const ideograph =
  /[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\u{20000}-\u{2a6df}\u{2a700}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;
const wordOrSign = /[\p{P}$+<=>^`|~]|[^\p{P}$+<=>^`|~]+/gu;

/** Receives one word, `codes[start .. end]` in UTF-16 units, which stand there only until it returns. */
export type VisitRange = (codes: Uint16Array, start: number, end: number) => void;

/** Splits a text into words and signs. */
export type WordSplitter = (text: string, visit: VisitRange) => void;

/**
 * Makes google-research/bert's BasicTokenizer: cleans, puts space around CJK characters, lower-cases and strips accents if
 * asked, splits at white space and at every punctuation sign. Capitals of ASCII are left to whoever takes the words, so that
 * most text is split where it stands.
 */
export function wordSplitter(lowercase: boolean): WordSplitter {
  const classes = unitClasses(lowercase);
  const units = new Units();
  const changed = new Units();
  return (text, visit) => {
    const length = units.take(text);
    const { codes } = units;
    let index = 0;
    while (index < length) {
      const start = index;
      let kinds = 0;
      for (; index < length; index++) {
        const kind = classes[codes[index] as number] as number;
        if (kind === unit.space) break;
        kinds |= kind;
      }
      if (kinds === unit.word) {
        if (start < index) visit(codes, start, index);
      } else if (kinds < unit.special) splitToken(codes, start, index, classes, visit);
      else visitChanged(text.slice(start, index), lowercase, classes, changed, visit);
      index++;
    }
  };
}

function splitToken(codes: Uint16Array, start: number, end: number, classes: Uint8Array, visit: VisitRange): void {
  let wordStart = start;
  for (let index = start; index < end; index++) {
    if (classes[codes[index] as number] === unit.word) continue;
    if (wordStart < index) visit(codes, wordStart, index);
    visit(codes, index, index + 1);
    wordStart = index + 1;
  }
  if (wordStart < end) visit(codes, wordStart, end);
}

/** A token in which something goes, is put apart, or changes with its neighbours: the form of a Greek sigma depends on where its word ends. */
function visitChanged(token: string, lowercase: boolean, classes: Uint8Array, units: Units, visit: VisitRange): void {
  const spaced = token.replace(removed, '').replace(ideograph, ' $& ');
  for (const part of spaced.split(' ')) {
    const plain = lowercase ? part.toLowerCase().normalize('NFD').replace(marks, '') : part;
    const length = units.take(plain);
    const { codes } = units;
    if (!codes.subarray(0, length).some((code) => classes[code] === unit.special)) {
      splitToken(codes, 0, length, classes, visit);
      continue;
    }
    // Signs of two units, of which the class of either says nothing.
    for (const [word] of plain.matchAll(wordOrSign)) visit(codes, 0, units.take(word));
  }
}

const splitters = new Map<boolean, WordSplitter>();

/** The words as strings, lower-cased if asked. */
export function visitWords(text: string, lowercase: boolean, visit: (word: string) => void): void {
  const split = splitters.get(lowercase) ?? wordSplitter(lowercase);
  splitters.set(lowercase, split);
  split(text, (codes, start, end) => {
    const word = textOf(codes.subarray(start, end));
    visit(lowercase ? word.toLowerCase() : word);
  });
}
