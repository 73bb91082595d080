import { CorpusError } from './error.js';

/** An error on its way between threads, where errors lose their class. */
export interface ToldFailure {
  readonly message: string;
  readonly stack: string | undefined;
  readonly isOurs: boolean;
}

export function toldFailure(error: unknown): ToldFailure {
  const { message, stack } = error as Error;
  return { message, stack, isOurs: error instanceof CorpusError };
}

/** The error at the other end: a CorpusError as such, any other as an Error. */
export function rebuilt({ message, stack, isOurs }: ToldFailure): Error {
  const error = isOurs ? new CorpusError(message) : new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
