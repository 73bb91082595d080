import type { PriceRow } from './rows.js';

/** Says whether a row is wanted. */
export type Matches = (row: PriceRow) => boolean;

/** A filter that the price list does not take. */
export class BadFilter extends Error {}

/** Fields that may be asked for, with the member of a row that holds each. */
const FIELDS: Readonly<Record<string, keyof PriceRow>> = {
  armRegionName: 'armRegionName',
  location: 'location',
  meterId: 'meterId',
  meterName: 'meterName',
  productId: 'productId',
  skuId: 'skuId',
  productName: 'productName',
  skuName: 'skuName',
  serviceName: 'serviceName',
  serviceId: 'serviceId',
  serviceFamily: 'serviceFamily',
  unitOfMeasure: 'unitOfMeasure',
  priceType: 'type',
  armSkuName: 'armSkuName',
};
const PRICE_TYPES = ['Consumption', 'Reservation', 'DevTestConsumption', 'SavingsPlan'];
/** More are refused, however short the filter; measured by users of the service. */
const MOST_COMPARISONS = 20;

const TOKEN = /\s*(?:'((?:[^']|'')*)'|([A-Za-z]+)|([(),]))/y;

type Token = { kind: 'text' | 'word' | 'mark'; value: string };

/**
 * Reads the part of OData that the price list is known to take: `eq` and `contains` joined by `and`, `or` and parentheses.
 *
 * @param caseMatters false at api-versions before 2023-01-01-preview
 * @throws BadFilter for everything else, as the service refuses `in`, `not` and unknown kinds of price
 */
export function parseFilter(text: string, caseMatters: boolean): Matches {
  const reader = new Reader(tokensOf(text), caseMatters);
  const matches = reader.either();
  reader.end();
  return matches;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const found = TOKEN.exec(text);
    if (found === null) throw new BadFilter('a sign that is none of the language');
    const [, quoted, word, mark] = found;
    if (quoted !== undefined) tokens.push({ kind: 'text', value: quoted.replaceAll("''", "'") });
    else if (word !== undefined) tokens.push({ kind: 'word', value: word });
    else tokens.push({ kind: 'mark', value: mark ?? '' });
  }
  return tokens;
}

class Reader {
  private at = 0;
  private comparisons = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly caseMatters: boolean,
  ) {}

  either(): Matches {
    const choices = [this.all()];
    while (this.takes('word', 'or')) choices.push(this.all());
    return (row) => choices.some((matches) => matches(row));
  }

  end(): void {
    if (this.at < this.tokens.length) throw new BadFilter('something behind its end');
  }

  private all(): Matches {
    const parts = [this.one()];
    while (this.takes('word', 'and')) parts.push(this.one());
    return (row) => parts.every((matches) => matches(row));
  }

  private one(): Matches {
    if (this.takes('mark', '(')) {
      const inner = this.either();
      this.need('mark', ')');
      return inner;
    }
    return this.takes('word', 'contains') ? this.containing() : this.equal();
  }

  private containing(): Matches {
    this.need('mark', '(');
    const read = this.field();
    this.need('mark', ',');
    const wanted = this.folded(this.need('text').value);
    this.need('mark', ')');
    return (row) => read(row).includes(wanted);
  }

  private equal(): Matches {
    const name = this.tokens[this.at]?.value;
    const read = this.field();
    this.need('word', 'eq');
    const { value } = this.need('text');
    if (name === 'priceType' && !PRICE_TYPES.some((type) => type.toLowerCase() === value.toLowerCase()))
      throw new BadFilter(`no kind of price is called ${value}`);
    const wanted = this.folded(value);
    return (row) => read(row) === wanted;
  }

  private field(): (row: PriceRow) => string {
    const { value } = this.need('word');
    const member = FIELDS[value];
    this.comparisons += 1;
    if (member === undefined) throw new BadFilter(`no field is called ${value}`);
    if (this.comparisons > MOST_COMPARISONS) throw new BadFilter('too many comparisons');
    return (row) => this.folded(String(row[member]));
  }

  private folded(text: string): string {
    return this.caseMatters ? text : text.toLowerCase();
  }

  private takes(kind: Token['kind'], value: string): boolean {
    const token = this.tokens[this.at];
    const isIt = token?.kind === kind && token.value === value;
    if (isIt) this.at += 1;
    return isIt;
  }

  private need(kind: Token['kind'], value?: string): Token {
    const token = this.tokens[this.at];
    if (token?.kind !== kind || (value !== undefined && token.value !== value))
      throw new BadFilter(`no ${value ?? kind} where one belongs`);
    this.at += 1;
    return token;
  }
}
