import type { Client } from './client.js';

/** Sizes of the answers that are asked for, in bytes. */
export interface Sizes {
  job: number;
  pages: number[];
}

/**
 * Reads one job and one listing before anything is measured.
 *
 * @throws Error when the listing does not hold each of the jobs once: the figures would mean nothing
 */
export async function sizesOf(client: Client, names: readonly string[]): Promise<Sizes> {
  const job = Buffer.byteLength(await client.call('GET', `/jobs/${names[0] ?? ''}`));
  const pages: number[] = [];
  const seen: string[] = [];
  for (let path: string | undefined = '/jobs'; path !== undefined;) {
    const text = await client.call('GET', path);
    pages.push(Buffer.byteLength(text));
    const page = JSON.parse(text) as { value: { name: string }[]; nextLink?: string };
    seen.push(...page.value.map(({ name }) => name));
    path = page.nextLink;
  }
  if (new Set(seen).size === names.length && seen.length === names.length) return { job, pages };
  throw new Error(`A listing of ${names.length} jobs held ${seen.length}, ${new Set(seen).size} of them different.`);
}
