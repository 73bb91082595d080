/** Samples that training passes over: positions `from` up to, not including, `to` in the phase's sample order. */
export interface SkipWindow {
  readonly from: number;
  readonly to: number;
}

/** Windows in order, those that touch made one. */
export function mergedWindows(windows: readonly SkipWindow[]): SkipWindow[] {
  const merged: SkipWindow[] = [];
  for (const window of [...windows].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && window.from <= last.to)
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, window.to) };
    else merged.push(window);
  }
  return merged;
}

/** Where the cursor stands after so many more samples; windows ahead of it are passed over. */
export function positionAfter(position: number, samples: number, windows: readonly SkipWindow[]): number {
  let end = position + samples;
  for (const { from, to } of mergedWindows(windows)) {
    const behind = to <= position;
    if (behind) continue;
    const begin = Math.max(from, position);
    const reached = begin < end;
    if (!reached) break;
    end += to - begin;
  }
  return end;
}

/**
 * The samples of the steps after `after`, up to and with `upTo`.
 * @param from the checkpoint that training continues from, at or below `after`; step 0 at position 0 where there is none
 */
export function windowOf(
  steps: { readonly after: number; readonly upTo: number },
  from: { readonly step: number; readonly position: number },
  globalBatch: number,
  windows: readonly SkipWindow[],
): SkipWindow {
  const at = (step: number) => positionAfter(from.position, Math.max(0, step - from.step) * globalBatch, windows);
  return { from: at(steps.after), to: at(steps.upTo) };
}
