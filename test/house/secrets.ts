const SIGNS: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'storage account key', pattern: /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{86}==/ },
  { what: 'storage account key', pattern: /AccountKey=(?!REDACTED)[^;\s"']{8,}/i },
  { what: 'SAS signature', pattern: /(?:[?&]|%26|%3f|\\u0026|\b)sig(?:=|%3d)(?!REDACTED)[A-Za-z0-9+/%_-]{8,}/i },
  { what: 'bearer token', pattern: /Bearer (?!REDACTED)[A-Za-z0-9._~+/-]{8,}/i },
  { what: 'JSON web token', pattern: /eyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{8,}/ },
];

const PAYLOAD = /"data"\s*:\s*"([A-Za-z0-9+/=_-]{4,})"/g;

/**
 * What in a text looks like a secret: account keys, SAS signatures, bearer and web tokens. Payloads of Temporal histories (base64, as the CLI and
 * protobuf's JSON write them, however indented) are opened and read too, and payloads within them.
 * @returns a word for each finding, never the secret; empty where nothing is found
 */
export function findSecrets(text: string): string[] {
  // A payload is a long run of base64 itself: left in place it would be taken for a key.
  const around = text.replace(PAYLOAD, '""');
  const here = SIGNS.filter(({ pattern }) => pattern.test(around)).map(({ what }) => what);
  return [...here, ...payloadTexts(text).flatMap(findSecrets)];
}

/** The decoded payloads of a history in JSON. */
export function payloadTexts(history: string): string[] {
  return [...history.matchAll(PAYLOAD)].map((match) => Buffer.from(match[1] ?? '', 'base64').toString('utf8'));
}
