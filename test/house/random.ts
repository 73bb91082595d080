/** Numbers in [0, 1) from a seed: Park and Miller's minimal standard generator, the same everywhere. */
export function seeded(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
