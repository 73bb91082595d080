import { CorpusError } from '../../error.js';
import type { Machine } from './machine.js';
import { type Dict, type Instance, kindOf, List, Plain, type Value } from './values.js';

const names = ['tokens_a', 'tokens_b', 'is_next'] as const;

/** A sample has its attributes: it is handed out, and forgotten but for its number. */
export function completeSample(machine: Machine, instance: Instance, state: Dict): void {
  const other = [...state.fields.keys()].find((name) => !(names as readonly string[]).includes(name));
  if (other !== undefined) machine.refuse(`has a ${instance.of.name} with the attribute ${JSON.stringify(other)}`);
  const [a, b, isNext] = names.map((name) => state.fields.get(name));
  const sample = {
    a: tokensIn(machine, a, 'tokens_a'),
    b: tokensIn(machine, b, 'tokens_b'),
    isRandomNext: labelIn(machine, isNext),
  };
  instance.number = machine.samples++;
  machine.forget(instance, state, sample.a, sample.b);
  machine.ready = sample;
}

function tokensIn(machine: Machine, value: Value | undefined, name: string): List {
  if (!(value instanceof List)) return machine.refuse(`has a sample with ${described(value)} as ${name}`);
  if (value.unknown !== null) throw unknownToken(machine, value.unknown.text, value.unknown.offset);
  if (value.others + value.samples > 0) machine.refuse(`has a sample with ${name} that are no tokens`);
  return value;
}

function unknownToken({ window, samples }: Machine, token: string, offset: number): CorpusError {
  return new CorpusError(
    `${window.name}, sample ${samples}: the vocabulary lacks the token ${JSON.stringify(token.slice(0, 80))} (byte ${offset}); name the vocab.txt that the file was made with.`,
  );
}

/** In the old recipe 0 is really next, 1 is random. */
function labelIn(machine: Machine, value: Value | undefined): boolean {
  const label = value instanceof Plain ? Number(value.value ?? NaN) : NaN;
  return label === 0 || label === 1 ? label === 1 : machine.refuse(`has a sample with ${described(value)} as is_next`);
}

function described(value: Value | undefined): string {
  if (value === undefined) return 'nothing';
  return value instanceof Plain ? `the value ${String(value.value)}` : kindOf(value);
}
