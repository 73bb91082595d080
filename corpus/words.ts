const inWord = /[\p{L}\p{N}]/u;
const words = /[\p{L}\p{N}]+/gu;
const halfOfPair = 2;

/** For each UTF-16 unit whether it is part of a word; of halves of pairs that cannot be said. */
const kinds = Uint8Array.from({ length: 65_536 }, (_, code) => {
  if (code >= 0xd800 && code <= 0xdfff) return halfOfPair;
  return inWord.test(String.fromCharCode(code)) ? 1 : 0;
});

/** How many runs of letters and digits a text has; counting stops at `most`. */
export function countWords(text: string, most: number): number {
  let count = 0;
  let before = 0;
  for (let index = 0; index < text.length && count < most; index++) {
    const kind = kinds[text.charCodeAt(index)] as number;
    if (kind === halfOfPair) return Math.min(most, text.match(words)?.length ?? 0);
    if (kind > before) count++;
    before = kind;
  }
  return count;
}
