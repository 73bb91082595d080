import { CorpusError } from '../error.js';

/** Something of an input that could not be used. */
export interface Damage {
  /** One sentence: what, where, why. */
  readonly problem: string;
  /** Whether it is a page (document) that was counted, not a stretch in which pages may have begun unseen. */
  readonly isPage: boolean;
}

/** What was damaged in one reading. */
export interface DamageLog {
  /** Pages that were begun and could not be used. */
  pages: number;
  /** Stretches in which pages may have begun unseen. */
  stretches: number;
  /** The first of both, in order. */
  readonly first: Damage[];
  /** Enters a damage. @throws CorpusError with its problem, where damage ends the reading */
  report(damage: Damage): void;
}

const mostKept = 100;

/** @param onDamage what a damage does: end the reading, or be entered */
export function damageLog(onDamage: 'fail' | 'skip'): DamageLog {
  return {
    pages: 0,
    stretches: 0,
    first: [],
    report(damage) {
      if (onDamage === 'fail') {
        throw new CorpusError(`${damage.problem}; fetch the file again, or set input.onDamage to skip.`);
      }
      if (damage.isPage) this.pages++;
      else this.stretches++;
      if (this.first.length < mostKept) this.first.push(damage);
    },
  };
}
