import { CorpusError } from '../../error.js';
import type { Vocabulary } from '../../vocabulary/vocabulary.js';
import { Arena } from './arena.js';
import { Memo } from './memo.js';
import { kindOf, type List, Text, type Value } from './values.js';
import type { Window } from './window.js';
import { Words } from './words.js';

/** More than such files need by far, less than would fill the memory: batches of a thousand lie on the stack. */
const mostOnStack = 100_000;
const mostKept = 100_000;
const mostText = 1 << 24;

/** Where a pickle stands: the stack, what it may come back to, and the tokens of the lists that are open. */
export class Machine {
  readonly memo = new Memo();
  readonly arena = new Arena();
  readonly words: Words;
  /** Place in the file of the opcode at hand. */
  offset = 0;
  /** Samples that are complete. */
  samples = 0;
  /** A sample that has just been completed, with its label. */
  ready: { readonly a: List; readonly b: List; readonly isRandomNext: boolean } | null = null;
  /** What the whole pickle is, once its end was reached. */
  result: Value | null = null;
  private readonly stack: Value[] = [];
  private readonly marks: number[] = [];
  private readonly kept = new Map<number, Exclude<Value, number>>();
  private serials = 0;
  private textLength = 0;

  constructor(
    readonly window: Window,
    vocabulary: Vocabulary,
  ) {
    this.words = new Words(vocabulary);
  }

  /** @param what completes "... is refused: at byte 12 it ..." */
  refuse(what: string): never {
    throw new CorpusError(
      `${this.window.name} is refused: at byte ${this.offset} it ${what}; nothing in it was run, and Python should not load it either.`,
    );
  }

  push(value: Value): void {
    if (this.stack.length >= mostOnStack) this.refuse(`holds more than ${mostOnStack} values in no list`);
    this.stack.push(value);
  }

  pop(): Value {
    if (this.stack.length <= (this.marks.at(-1) ?? 0)) this.refuse('takes a value where there is none');
    return this.stack.pop() as Value;
  }

  top(): Value | undefined {
    return this.stack.at(-1);
  }

  mark(): void {
    if (this.marks.length >= mostOnStack) this.refuse(`opens more than ${mostOnStack} marks`);
    this.marks.push(this.stack.length);
  }

  /** Takes all values above the newest mark, and the mark. */
  popMark(): Value[] {
    const from = this.marks.pop();
    return from === undefined ? this.refuse('closes a mark where there is none') : this.stack.splice(from);
  }

  /** Puts the newest value under an index of the memo. */
  memorise(index: number): void {
    const value = this.top();
    if (value === undefined) return this.refuse('remembers a value where there is none');
    const isInOrder =
      typeof value === 'number' ? this.memo.setToken(index, value) : this.memo.setSerial(index, this.keep(value));
    if (!isInOrder) this.refuse(`remembers a value as number ${index} when it has ${this.memo.count}`);
  }

  recall(index: number): void {
    const token = this.memo.token(index);
    if (token !== -1) return this.push(token);
    const value = this.kept.get(this.memo.serial(index));
    this.push(value ?? this.refuse(`comes back to number ${index}, which is none, or of a sample before`));
  }

  /** A string that stands in the file, as a token or else as itself. */
  textOf(bytes: Buffer, from: number, to: number): number | Text {
    const id = this.words.idOf(bytes, from, to);
    if (id !== -1) return id;
    this.textLength += to - from;
    if (this.textLength > mostText) this.refuse('holds millions of characters that the vocabulary lacks');
    return new Text(bytes.toString('utf8', from, to), this.offset);
  }

  /** What a string says, token or not. @param what the string is there for */
  read(value: Value, what: string): string {
    if (typeof value === 'number') return this.words.vocabulary.pieces[value] as string;
    return value instanceof Text ? value.text : this.refuse(`has ${kindOf(value)} as ${what}`);
  }

  /** Forgets values that nothing will need any more: it is what keeps the memory flat. */
  forget(...values: readonly Exclude<Value, number>[]): void {
    for (const { serial } of values) this.kept.delete(serial);
  }

  private keep(value: Exclude<Value, number>): number {
    if (value.serial === 0) value.serial = ++this.serials;
    this.kept.set(value.serial, value);
    if (this.kept.size > mostKept) this.refuse(`holds more than ${mostKept} objects outside of any sample`);
    return value.serial;
  }
}
