const pageBits = 16;
const pageMask = (1 << pageBits) - 1;
const nothing = 0xffffffff;
/** Numbers from here on stand for something else than a token. */
const firstSerial = 1 << 16;
/** How far ahead of its count an index may be: picklers count from 0 or 1. */
const slack = 256;

/**
 * What a pickle may come back to, by number: four bytes each, since a file has some ten million. A token is kept as its id,
 * everything else as the serial number under which it is kept elsewhere.
 */
export class Memo {
  /** Entries that are set. */
  count = 0;
  private readonly pages: Uint32Array[] = [];

  /** @returns whether the index is one that a pickler gives: they count up */
  setToken(index: number, id: number): boolean {
    return this.set(index, id);
  }

  setSerial(index: number, serial: number): boolean {
    return this.set(index, firstSerial + serial);
  }

  /** The token's id; -1 where the entry is none or something else. */
  token(index: number): number {
    const code = this.pages[index >>> pageBits]?.[index & pageMask] ?? nothing;
    return code < firstSerial ? code : -1;
  }

  /** The serial number of what is no token; -1 where the entry is none. */
  serial(index: number): number {
    const code = this.pages[index >>> pageBits]?.[index & pageMask] ?? nothing;
    return code === nothing || code < firstSerial ? -1 : code - firstSerial;
  }

  private set(index: number, code: number): boolean {
    if (index > this.count + slack) return false;
    const number = index >>> pageBits;
    let page = this.pages[number];
    if (page === undefined) this.pages[number] = page = new Uint32Array(1 << pageBits).fill(nothing);
    if (page[index & pageMask] === nothing) this.count++;
    page[index & pageMask] = code;
    return true;
  }
}
