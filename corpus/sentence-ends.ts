/** Where the sentences of a text end, in UTF-16 units, its own end the last; undefined where these rules cannot tell. */
export type FindSentenceEnds = (text: string) => readonly number[] | undefined;

const kind = {
  other: 0,
  lower: 1,
  upper: 2,
  letter: 3,
  digit: 4,
  close: 5,
  space: 6,
  stop: 7,
  terminator: 8,
  continues: 9,
  unknown: 10,
} as const;

/** What a sign is to the rules (the property Sentence_Break), for the signs of most texts in Latin, Greek or Cyrillic letters. */
const signs: ReadonlyArray<readonly [keyof typeof kind, RegExp]> = [
  ['unknown', /[^ -~\u00a0-\u017f\u0386-\u03ff\u0400-\u0482\u048a-\u04ff\u2010-\u2022\u2026\u2030-\u203a]/],
  ['unknown', /\p{M}|\p{Cf}|\p{Cn}|[\u037e\u0387]/u],
  ['stop', /\./],
  ['terminator', /[!?]/],
  ['continues', /[,:;\u2013\u2014-]/],
  ['space', /[ \u00a0]/],
  ['close', /["'\p{Ps}\p{Pe}\p{Pi}\p{Pf}]/u],
  ['lower', /\p{Lowercase}/u],
  ['upper', /\p{Uppercase}|\p{Lt}/u],
  ['letter', /\p{L}/u],
  ['digit', /\p{Nd}/u],
];

const kinds = Uint8Array.from({ length: 65_536 }, (_, code) => {
  const sign = String.fromCharCode(code);
  return kind[signs.find(([, pattern]) => pattern.test(sign))?.[0] ?? 'other'];
});

/**
 * Ends of sentences by the default rules of Unicode (UAX #29, SB1 to SB998), as `Intl.Segmenter` finds them, which for lack of a faster
 * way to ask it is most of the work of taking a text apart.
 */
export const findSentenceEnds: FindSentenceEnds = (text) => {
  for (let index = 0; index < text.length; index++) if (kindAt(text, index) === kind.unknown) return undefined;
  const ends: number[] = [];
  for (let index = 0; index < text.length; index++) {
    const here = kindAt(text, index);
    if (here !== kind.stop && here !== kind.terminator) continue;
    const end = endBehind(text, index, here === kind.stop);
    if (end > 0) ends.push(end);
  }
  if (text.length > 0 && ends.at(-1) !== text.length) ends.push(text.length);
  return ends;
};

/** Where the sentence ends that the sign at `index` may close; 0 where it goes on. */
function endBehind(text: string, index: number, isStop: boolean): number {
  const next = kindAt(text, index + 1);
  const before = kindAt(text, index - 1);
  const isInName = next === kind.upper && (before === kind.upper || before === kind.lower);
  if (isStop && (next === kind.digit || isInName)) return 0;
  let end = index + 1;
  while (kindAt(text, end) === kind.close) end++;
  while (kindAt(text, end) === kind.space) end++;
  const following = kindAt(text, end);
  if (following === kind.continues || following === kind.stop || following === kind.terminator) return 0;
  return isStop && firstLetterIsSmall(text, end) ? 0 : end;
}

function firstLetterIsSmall(text: string, from: number): boolean {
  for (let index = from; index < text.length; index++) {
    const here = kindAt(text, index);
    if (here === kind.lower) return true;
    if (here === kind.upper || here === kind.letter || here === kind.stop || here === kind.terminator) return false;
  }
  return false;
}

/** Outside the text there are signs of no meaning. */
function kindAt(text: string, index: number): number {
  return index >= 0 && index < text.length ? (kinds[text.charCodeAt(index)] as number) : kind.other;
}

const probes = ['a', 'A', '1', ')'].flatMap((before) =>
  ['.', '!', '?', ';', '…'].flatMap((sign) =>
    ['', '"', ' ', ') ', ' ('].flatMap((between) =>
      ['a', 'A', '1b', '1B', ', B', '; B', ': B', '- B', '– B', '.B', '!', '§ b', 'ª', 'я', 'Я'].map(
        (behind) => before + sign + between + behind,
      ),
    ),
  ),
);

/**
 * Whether a segmenter goes by these rules: those of some languages are others (in Greek `;` asks), and so are those of other versions
 * of Unicode.
 */
export function goesByTheseRules(segmenter: Intl.Segmenter): boolean {
  return probes.every((probe) => String(findSentenceEnds(probe)) === String(endsBy(segmenter, probe)));
}

/** The ends that a segmenter finds. */
export function endsBy(segmenter: Intl.Segmenter, text: string): number[] {
  return Array.from(segmenter.segment(text), ({ index, segment }) => index + segment.length);
}
