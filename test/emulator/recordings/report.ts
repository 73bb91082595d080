import { KINDS, kindOf, type Kind } from './kinds.js';
import { titleOf } from './files.js';
import type { Outcome } from './replay.js';

/** Matched and all exchanges of what is measured. */
export interface Score {
  matched: number;
  all: number;
}

/** The score of all outcomes that count, or of those of one kind. */
export function scoreOf(outcomes: readonly Outcome[], kind?: Kind): Score {
  const counted = outcomes.filter(({ exchange }) => {
    const is = kindOf(exchange);
    return kind === undefined ? is !== 'models' && is !== 'outside' : is === kind;
  });
  return { matched: counted.filter(({ reasons }) => reasons.length === 0).length, all: counted.length };
}

/** A table by file, a table by kind, and every exchange that was answered otherwise with why. */
export function report(outcomes: readonly Outcome[]): string {
  const files = [...new Set(outcomes.map(({ exchange }) => exchange.file))];
  const byFile = files.map((file) => row(file, scoreOf(outcomes.filter(({ exchange }) => exchange.file === file))));
  const byKind = KINDS.map((kind) => row(kind, scoreOf(outcomes, kind)));
  const misses = outcomes.filter(({ reasons }) => reasons.length > 0);
  const listed = misses.map(
    ({ exchange, reasons }) => `  ${titleOf(exchange)}\n      ${shorten(reasons).join('\n      ')}`,
  );
  return [...byFile, '', ...byKind, row('all', scoreOf(outcomes)), '', 'Answered otherwise:', ...listed].join('\n');
}

function row(name: string, { matched, all }: Score): string {
  return `  ${name.padEnd(66)} ${String(matched).padStart(3)} of ${String(all).padStart(3)}`;
}

function shorten(reasons: string[]): string[] {
  return reasons.length <= 8 ? reasons : [...reasons.slice(0, 8), `and ${reasons.length - 8} more`];
}
