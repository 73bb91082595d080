/** Characters may take at most this share of a vocabulary; rarer ones become [UNK]. */
const largestShare = 0.25;

/**
 * The single characters a vocabulary starts with, `##` forms for those that occur inside words: the most frequent ones,
 * none that occurs only once, sorted by code point.
 */
export function chooseAlphabet(counts: ReadonlyMap<string, number>, vocabularySize: number): string[] {
  const uses = new Map<string, number>();
  for (const [word, count] of counts) {
    let prefix = '';
    for (const character of word) {
      const piece = prefix + character;
      uses.set(piece, (uses.get(piece) ?? 0) + count);
      prefix = '##';
    }
  }
  const room = Math.floor(vocabularySize * largestShare);
  return [...uses]
    .filter(([, count]) => count > 1)
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, room)
    .map(([piece]) => piece)
    .sort((a, b) => (a < b ? -1 : 1));
}
