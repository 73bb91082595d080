import type { AzureConnection } from './connection.js';

interface Kept {
  readonly until: number;
  readonly answer: Promise<unknown>;
}

const kept = new WeakMap<AzureConnection, Map<string, Kept>>();

/**
 * Asks once for what many runs of a workspace ask for at the same time and what hardly ever changes; a failure is told to all who waited for it
 * and not kept. Each answer that is kept is a read less of those that Azure allows.
 * @param what names the question
 */
export function remembered<T>(
  azure: AzureConnection,
  what: string,
  seconds: number,
  ask: () => Promise<T>,
): Promise<T> {
  const answers = kept.get(azure) ?? new Map<string, Kept>();
  kept.set(azure, answers);
  const found = answers.get(what);
  if (found !== undefined && found.until > Date.now()) return found.answer as Promise<T>;
  const answer = ask();
  answers.set(what, { until: Date.now() + seconds * 1000, answer });
  answer.catch(() => answers.delete(what));
  return answer;
}
