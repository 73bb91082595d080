interface Pauses {
  readonly waitSeconds: number;
  readonly longestWaitSeconds: number;
}

/** Pause before asking for capacity again: doubles with every refusal in a row, up to the longest. @param count refusals so far, from 1 */
export function backoffSeconds(count: number, { waitSeconds, longestWaitSeconds }: Pauses): number {
  // 2^30 s are decades: beyond it the power would only overflow.
  const doubled = waitSeconds * 2 ** Math.min(30, Math.max(0, count - 1));
  return Math.min(doubled, longestWaitSeconds);
}

/** Pause before a retry: none before the first, then as for capacity, so that a crash loop costs little while it is found out. */
export function retryPauseSeconds(count: number, pauses: Pauses): number {
  return count <= 1 ? 0 : backoffSeconds(count - 1, pauses);
}
