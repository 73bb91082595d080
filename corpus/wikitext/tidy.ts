const kind = { plain: 0, space: 1, comma: 2, stop: 3, open: 4, close: 5, dash: 6, other: 7 } as const;

/** Signs with something to tidy about them, by themselves or beside others; spaces but the plain one are `other`. */
const signs: ReadonlyArray<readonly [keyof typeof kind, RegExp]> = [
  ['space', / /],
  ['comma', /[,;:]/],
  ['stop', /[.!?]/],
  ['open', /\(/],
  ['close', /\)/],
  ['dash', /[–-]/],
  ['other', /[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060|[\]>]/],
];

const kinds = Uint8Array.from({ length: 65_536 }, (_, code) => {
  const sign = String.fromCharCode(code);
  return kind[signs.find(([, pattern]) => pattern.test(sign))?.[0] ?? 'plain'];
});

/** For each kind the kinds, a bit each, that may not stand right behind it. */
const notBehind = new Uint8Array(8);
notBehind[kind.space] = bits('space', 'comma', 'stop', 'close');
notBehind[kind.comma] = bits('comma', 'close');
notBehind[kind.open] = bits('space', 'comma', 'close', 'dash');

/**
 * Whether `polish` would change nothing, as with most of a text: one look at each sign tells, where each of its patterns takes one of
 * its own. It may call a text untidy that is not.
 */
export function isTidy(text: string): boolean {
  // The start and the end of a text are as good as a space beside them.
  let before: number = kind.space;
  for (let index = 0; index < text.length; index++) {
    const here = kinds[text.charCodeAt(index)] as number;
    if (here === kind.other || (((notBehind[before] as number) >> here) & 1) === 1) return false;
    before = here;
  }
  return before !== kind.space;
}

function bits(...names: (keyof typeof kind)[]): number {
  return names.reduce((sum, name) => sum | (1 << kind[name]), 0);
}
