import { CorpusError } from '../../error.js';
import type { Vocabulary } from '../../vocabulary/vocabulary.js';
import { Machine } from './machine.js';
import { handlers } from './opcodes.js';
import { Instance, kindOf, List, Plain, type Value } from './values.js';
import type { Window } from './window.js';

/** A sample of the old recipe, its tokens as ids: `tokens[aStart .. aEnd]` and `tokens[bStart .. bEnd]`. */
export interface OldSample {
  readonly tokens: Uint16Array;
  readonly aStart: number;
  readonly aEnd: number;
  readonly bStart: number;
  readonly bEnd: number;
  readonly isRandomNext: boolean;
}

/**
 * Reads the samples of a `.bin` file of the old recipe, a pickle of a data creator with its instances, in their order. Each
 * is good until the next one is asked for; memory holds no sample but that one, and four bytes for each object of the memo.
 * Only names of classes are understood, nothing of the file is imported or called.
 * @throws CorpusError where the file is cut off or anything else than such a pickle, or a token is not in the vocabulary
 */
export function* readOldSamples(window: Window, vocabulary: Vocabulary): Generator<OldSample, void> {
  const machine = new Machine(window, vocabulary);
  const { arena } = machine;
  while (machine.result === null) {
    step(machine, window);
    if (machine.ready === null) continue;
    const { a, b, isRandomNext } = machine.ready;
    machine.ready = null;
    const [aStart, bStart] = [a.start, b.start];
    yield { tokens: arena.tokens, aStart, aEnd: aStart + a.tokens, bStart, bEnd: bStart + b.tokens, isRandomNext };
    arena.release(a);
    arena.release(b);
  }
  requireWhole(machine, machine.result);
}

function step(machine: Machine, window: Window): void {
  machine.offset = window.offset;
  const opcode = window.bytes[window.take(1)] as number;
  const handler = handlers[opcode] ?? null;
  if (handler === null)
    machine.refuse(`has the byte ${opcode} where an opcode should stand: it is damaged, or no pickle`);
  else handler(machine);
}

/** The object must be a creator that lists every sample of the file, in the order in which they were handed out. */
function requireWhole({ window, samples }: Machine, result: Value): void {
  const creator = result instanceof Instance && result.of.role === 'creator' ? result : null;
  if (creator?.fields == null) {
    const what = result instanceof Instance ? `a ${result.of.name}` : kindOf(result);
    throw new CorpusError(
      `${window.name} holds ${what} and no data creator of the old recipe; is it one of its .bin files?`,
    );
  }
  const instances = creator.fields.get('instances');
  const listed = instances instanceof List && instances.others + instances.tokens === 0 ? instances.samples : -1;
  const said = creator.fields.get('len');
  const isWhole = listed === samples && (said === undefined || (said instanceof Plain && said.value === samples));
  if (!isWhole) {
    const claim = said instanceof Plain ? `, and says of itself that it has ${String(said.value)}` : '';
    throw new CorpusError(
      `${window.name} holds ${samples} samples, but its ${creator.of.name} lists ${Math.max(0, listed)}${claim}; fetch it again.`,
    );
  }
}
