import type { Io } from './io.js';

/** One invocation of a verb: its global options and the ways to say something. */
export interface Call {
  readonly io: Io;
  /** One JSON object (one per line while watching) instead of text. */
  readonly json: boolean;
  /** Local stack to fall back to where the environment configures no Temporal server. */
  readonly stack: string;
  /** Prints the answer of a one-shot verb: the object with --json, else the lines. */
  readonly answer: (object: unknown, lines: readonly string[]) => void;
  /** One JSON object on a line of its own; only with --json. */
  readonly data: (object: unknown) => void;
  /** A line of text on standard output; not with --json. */
  readonly line: (text?: string) => void;
  /** A line on standard error: a warning, or what goes on. */
  readonly note: (text: string) => void;
  /** A command to type that means the same stack as this call: `ls` → `npx bertha --stack demo ls`. */
  readonly command: (words: string) => string;
}

export interface GlobalOptions {
  readonly json?: boolean;
  readonly stack: string;
}

export function makeCall(io: Io, { json = false, stack }: GlobalOptions): Call {
  const data = (object: unknown) => (json ? io.out(`${JSON.stringify(object)}\n`) : undefined);
  const line = (text = '') => (json ? undefined : io.out(`${text}\n`));
  const isDefault = stack === defaultStack();
  return {
    io,
    json,
    stack,
    data,
    line,
    answer(object, lines) {
      data(object);
      for (const text of lines) line(text);
    },
    note: (text) => io.err(`${text}\n`),
    command: (words) => (isDefault ? `npx bertha ${words}` : `npx bertha --stack ${stack} ${words}`),
  };
}

export const defaultStack = () => process.env['BERTHA_STACK'] || 'local';
