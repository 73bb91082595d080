import type { Random } from './random.js';

/** What is hidden in one assembled sequence: positions in order ([CLS] is 0), and the id shown at each. */
export interface Masks {
  readonly positions: number[];
  readonly inputs: number[];
}

export interface MaskOptions {
  readonly probability: number;
  readonly maskId: number;
  readonly vocabularySize: number;
  readonly specialIds: ReadonlySet<number>;
}

/**
 * Chooses the masked positions of `[CLS] a [SEP] b [SEP]` as google-research/bert does: 15 % of the length, special tokens
 * counted but never chosen; of those 80 % show [MASK], 10 % their own id, 10 % any id that is not special.
 */
export function drawMasks(a: Uint16Array, b: Uint16Array, random: Random, options: MaskOptions): Masks {
  const ids = new Map<number, number>();
  a.forEach((id, index) => ids.set(1 + index, id));
  b.forEach((id, index) => ids.set(2 + a.length + index, id));
  const candidates = [...ids.keys()];
  const wanted = Math.min(candidates.length, Math.max(1, Math.round((ids.size + 3) * options.probability)));
  for (let chosen = 0; chosen < wanted; chosen++) {
    const other = chosen + random.below(candidates.length - chosen);
    [candidates[chosen], candidates[other]] = [candidates[other] as number, candidates[chosen] as number];
  }
  const positions = candidates.slice(0, wanted).sort((x, y) => x - y);
  return { positions, inputs: positions.map((position) => shown(ids.get(position) as number, random, options)) };
}

function shown(id: number, random: Random, { maskId, vocabularySize, specialIds }: MaskOptions): number {
  const draw = random.share();
  if (draw < 0.8) return maskId;
  if (draw < 0.9) return id;
  for (;;) {
    const replacement = random.below(vocabularySize);
    if (!specialIds.has(replacement)) return replacement;
  }
}
