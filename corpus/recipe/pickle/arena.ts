import type { List } from './values.js';

const capacity = 1 << 20;

/** The tokens of the lists that are being read, one list behind the other; empty again whenever no list has any. */
export class Arena {
  readonly tokens = new Uint16Array(capacity);
  /** Behind the last token that belongs to a list. */
  end = 0;
  private lists = 0;

  /** How many tokens fit in still. */
  get room(): number {
    return capacity - this.end;
  }

  /** Gives a list the `count` tokens that were written from `end` on. @returns false where they do not fit */
  adopt(list: List, count: number): boolean {
    if (count === 0) return true;
    if (list.tokens === 0) {
      list.start = this.end;
      this.lists++;
    } else if (!this.moveBehind(list, count)) {
      return false;
    }
    list.tokens += count;
    this.end += count;
    return true;
  }

  /** A list that is needed no longer gives its tokens back. */
  release(list: List): void {
    if (list.tokens === 0) return;
    list.tokens = 0;
    if (--this.lists === 0) this.end = 0;
  }

  /** Makes the tokens from `end` on follow those that the list has: another list may have been begun in between. */
  private moveBehind(list: List, count: number): boolean {
    const isLast = list.start + list.tokens === this.end;
    if (isLast) return true;
    if (this.room < list.tokens + count) return false;
    this.tokens.copyWithin(this.end + list.tokens, this.end, this.end + count);
    this.tokens.copyWithin(this.end, list.start, list.start + list.tokens);
    list.start = this.end;
    this.end += list.tokens;
    return true;
  }
}
