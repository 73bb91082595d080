/** What a UTF-16 unit is to the tokenizer. */
export const unit = { word: 0, punctuation: 1, special: 2, space: 4 } as const;

const space = /[ \t\n\r\p{Zs}\u2028\u2029]/u;
const removed = /(?![\t\n\r])[\p{Cc}\p{Cf}\0\ufffd]/u;
const ideograph = /[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff]/;
const mark = /\p{M}/u;
/** google-research/bert counts every ASCII sign that is no letter or digit as punctuation, `$` and `^` too. */
const punctuation = /[\p{P}$+<=>^`|~]/u;

const tables = new Map<boolean, Uint8Array>();

/**
 * The class of each UTF-16 unit. `special` are those with which a token cannot be split unit by unit as it stands: to be
 * removed, put apart, lower-cased beyond ASCII or stripped of accents, and halves of pairs.
 */
export function unitClasses(lowercase: boolean): Uint8Array {
  let table = tables.get(lowercase);
  if (table === undefined) {
    table = Uint8Array.from({ length: 65_536 }, (_, code) => classOf(code, lowercase));
    tables.set(lowercase, table);
  }
  return table;
}

function classOf(code: number, lowercase: boolean): number {
  const sign = String.fromCharCode(code);
  if (space.test(sign)) return unit.space;
  const isHalf = code >= 0xd800 && code <= 0xdfff;
  if (isHalf || removed.test(sign) || ideograph.test(sign)) return unit.special;
  const isAscii = code < 128;
  const changes =
    lowercase && !isAscii && (mark.test(sign) || sign.toLowerCase() !== sign || sign.normalize('NFD') !== sign);
  if (changes) return unit.special;
  return punctuation.test(sign) ? unit.punctuation : unit.word;
}
