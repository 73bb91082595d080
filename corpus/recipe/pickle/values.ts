/** Something that a pickle holds beside tokens. */
abstract class Kept {
  /** Under which the memo knows it; 0: it does not. */
  serial = 0;
  /** What messages call it. */
  abstract readonly kind: string;
}

/** A string that the vocabulary lacks: an attribute's name, or a token that makes the file unfit. */
export class Text extends Kept {
  readonly kind = 'a string';
  constructor(
    readonly text: string,
    readonly offset: number,
  ) {
    super();
  }
}

/** A number, a truth value or None. */
export class Plain extends Kept {
  readonly kind = 'a number';
  constructor(readonly value: number | boolean | null) {
    super();
  }
}

/** What an admitted class is to the reader; `rebuild` and `object` are the two that pickle itself needs in old protocols. */
export type Role = 'sample' | 'creator' | 'rebuild' | 'object';

export class Class extends Kept {
  readonly kind = 'a class';
  constructor(
    readonly name: string,
    readonly role: Role,
  ) {
    super();
  }
}

/** A list of tokens lies in the arena; of one of samples only their numbers are known; what else stands in it is counted. */
export class List extends Kept {
  readonly kind = 'a list';
  start = 0;
  tokens = 0;
  samples = 0;
  firstSample = 0;
  others = 0;
  /** The first string in it that is no token. */
  unknown: Text | null = null;
}

export class Dict extends Kept {
  readonly kind = 'a dictionary';
  readonly fields = new Map<string, Value>();
}

export class Tuple extends Kept {
  readonly kind = 'a tuple';
  constructor(readonly items: readonly Value[]) {
    super();
  }
}

export class Instance extends Kept {
  readonly kind = 'an object';
  /** Of a sample: its place in the file, from 0 on, once it is complete. */
  number = -1;
  /** Of a creator: what it says of itself, once it is complete. */
  fields: ReadonlyMap<string, Value> | null = null;
  constructor(readonly of: Class) {
    super();
  }
}

/** A value of a pickle: a token is its id. */
export type Value = number | Text | Plain | Class | List | Dict | Tuple | Instance;

/** What messages call a value. */
export const kindOf = (value: Value): string => (typeof value === 'number' ? 'a token' : value.kind);
