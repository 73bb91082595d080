import { contentHash, runSlug } from '../../domain/names.js';

/** Workflow ids as people, schedules and mischief make them: some thousand, the same in every run. */
export function oddIds(): string[] {
  const schedules = Array.from({ length: 200 }, (_, minute) => `nightly-${new Date(minute * 61_000).toISOString()}`);
  const seed = [
    '',
    ' ',
    '-',
    '--',
    '_',
    '.',
    ':',
    '/',
    '..',
    '\u0000',
    '\n',
    'a',
    'A',
    'run',
    'RUN',
    'é',
    'e\u0301',
    '語',
    '🙂',
    'ß',
    'İ',
    'ı',
    "a'b",
    'a b',
    'a_b',
    'a-b',
    'a.b',
    'a:b',
    'a/b',
    '-a',
    'a-',
    'a--b',
  ];
  const long = [59, 60, 61, 62, 255, 256, 1_000].flatMap((length) =>
    ['x', 'X', '-', '語'].map((letter) => letter.repeat(length)),
  );
  const sameStem = Array.from({ length: 200 }, (_, index) => `${'long-name-'.repeat(9)}${index}`);
  const random = Array.from({ length: 1_500 }, (_, index) => randomId(index));
  const plain = [...seed, ...long, ...sameStem, ...schedules, ...random];
  const hashedLooking = plain.map(runSlug);
  const twiceHashed = hashedLooking.map(runSlug);
  return [...new Set([...plain, ...hashedLooking, ...twiceHashed])];
}

const letters = [...'abcABC012-_.:/ ~%é語🙂'];

/** Letters drawn by a hash of the index, so that a failure can be looked at again. */
function randomId(index: number): string {
  const bytes = contentHash(index).match(/../g) ?? [];
  return bytes
    .slice(0, 1 + (index % 24))
    .map((byte) => letters[Number.parseInt(byte, 16) % letters.length] ?? '')
    .join('');
}
