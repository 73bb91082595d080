import type { Call } from './route.js';

/**
 * One page of a list as ARM hands it out: `value`, and `nextLink` with an opaque `$skipToken` unless it is the last.
 *
 * `$top` asks for that many; `$skip` (of older clients) and `$skipToken` say where to go on.
 */
export function page<T>(call: Call, items: readonly T[], size: number): { value: T[]; nextLink?: string } {
  const start = Number(call.query.get('$skip') ?? 0) + fromToken(call.query.get('$skipToken'));
  const top = Number(call.query.get('$top') ?? size);
  const end = start + Math.max(1, Math.min(top, size));
  const value = items.slice(start, end);
  if (end >= items.length || call.query.has('$top')) return { value };
  const next = new URL(call.url);
  next.searchParams.delete('$skip');
  next.searchParams.set('$skipToken', Buffer.from(String(end)).toString('base64url'));
  return { value, nextLink: next.href };
}

function fromToken(token: string | null): number {
  const offset = token === null ? 0 : Number(Buffer.from(token, 'base64url').toString());
  return Number.isFinite(offset) ? offset : 0;
}
