type Expansion = (positional: readonly string[], named: ReadonlyMap<string, string>) => string;

const first: Expansion = ([text = ''], named) => named.get('1') ?? text;
const second: Expansion = (positional, named) => named.get('2') ?? positional[1] ?? '';
const joined: Expansion = (positional) => positional.join('');
const quotation: Expansion = (positional, named) =>
  `\n\n${named.get('text') ?? named.get('quote') ?? first(positional, named)}\n\n`;
const always =
  (text: string): Expansion =>
  () =>
    text;
const after =
  (prefix: string): Expansion =>
  (positional, named) =>
    `${prefix}${first(positional, named)}`;

/** Templates, by lower-case name, whose words belong to the sentence around them. */
const expansions = new Map<string, Expansion>([
  ...names(
    first,
    'nowrap nobr mvar math var em strong smallcaps sc abbr tooltip illm ill nihongo sup sub smaller small big',
  ),
  ...names(
    first,
    'linktext italics nobold interlanguage-link plain-text keypress vanchor visible-anchor flag flagcountry nts dts usd',
  ),
  ...names(quotation, 'quote cquote quotation blockquote bq quotebox'),
  ...names(joined, 'gaps chem2 chem'),
  ...names(always(' – '), 'spaced-ndash snd spnd ndash –'),
  ...names(always('—'), 'mdash em-dash'),
  ...names(always(' · '), 'dot middot ·'),
  // As a reference, or it would be read as part of the marks of bold type around it.
  ...names(always('&#39;'), "' okina"),
  ...names(always('&#39;s'), "'s"),
  ...names(always(' '), 'nbsp spaces'),
  ['lang', second],
  ['angbr', (positional, named) => `⟨${first(positional, named)}⟩`],
  ['simplenuclide2', ([symbol = '', mass = '']) => `${symbol}-${mass}`],
  ['simplenuclide', ([symbol = '', mass = '']) => `${symbol}-${mass}`],
  ['transl', (positional) => positional.at(-1) ?? ''],
  ['circa', after('c. ')],
  ['c.', after('c. ')],
  ['as-of', after('As of ')],
  ['convert', convert],
  ['cvt', convert],
  ['frac', fraction],
  ['sfrac', fraction],
  ['val', (positional, named) => [first(positional, named), named.get('u') ?? ''].join(' ').trim()],
  ['ship', ([prefix = '', name = '']) => `${prefix} ${name}`],
  ...['USS', 'HMS', 'SS', 'RMS', 'MS', 'MV', 'HMAS', 'HMCS'].map((prefix): [string, Expansion] => [
    prefix.toLowerCase(),
    after(`${prefix} `),
  ]),
]);

const rangeWords = new Map([
  ['-', '–'],
  ['–', '–'],
  ['x', ' × '],
  ['+/-', ' ± '],
]);
const unitNames = new Map([
  ['C', '°C'],
  ['F', '°F'],
  ['km2', 'km²'],
  ['m2', 'm²'],
  ['sqmi', 'square miles'],
  ['sqkm', 'km²'],
  ['mi', 'miles'],
  ['ft', 'feet'],
  ['acre', 'acres'],
]);

/** The words a template stands for, wikitext still; undefined when it stands for none. */
export function expand(name: string, args: readonly string[]): string | undefined {
  const key = name.toLowerCase().replace(/[ _]+/g, '-');
  const number = /^formatnum:(.*)/i.exec(name)?.[1];
  if (number !== undefined) return number.trim();
  const isLanguageName = /^lang-[a-z-]+$/.test(key);
  const expansion = isLanguageName ? first : expansions.get(key);
  if (expansion === undefined) return undefined;
  const named = new Map<string, string>();
  const positional: string[] = [];
  for (const arg of args) {
    const [, field, value] = /^\s*([\w -]{1,20}?)\s*=([\s\S]*)$/.exec(arg) ?? [];
    if (field === undefined) positional.push(arg.trim());
    else named.set(field.toLowerCase(), (value ?? '').trim());
  }
  return expansion(positional, named);
}

function names(expansion: Expansion, list: string): Array<[string, Expansion]> {
  return list.split(' ').map((name) => [name, expansion]);
}

/** `5|km`, or a range such as `5|to|10|km`, `5|and(-)|10|km`: only its own numbers and unit, not the converted ones. */
function convert([value = '', next = '', third = '', fourth = '']: readonly string[]): string {
  const isRange = fourth !== '' && !/^[\d.,]*$/.test(next) && /^[−-]?[\d.,]+$/.test(third);
  if (!isRange) return `${value} ${unitName(next)}`.trim();
  const between = rangeWords.get(next) ?? ` ${next.replace(/\W/g, '')} `;
  return `${value}${between}${third} ${unitName(fourth)}`;
}

function unitName(unit: string): string {
  const million = unit.startsWith('e6') ? 'million ' : '';
  const bare = unit.slice(million === '' ? 0 : 2);
  return million + (unitNames.get(bare) ?? bare);
}

function fraction(parts: readonly string[]): string {
  const [a = '', b, c] = parts;
  if (b === undefined) return `1/${a}`;
  return c === undefined ? `${a}/${b}` : `${a} ${b}/${c}`;
}
