const SIGNS: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'storage account key', pattern: /[A-Za-z0-9+/]{86}==/ },
  { what: 'SAS signature', pattern: /[?&]sig=(?!REDACTED)[^&\s"]+/ },
  { what: 'bearer token', pattern: /Bearer (?!REDACTED)[A-Za-z0-9._-]{8,}/ },
  { what: 'JSON web token', pattern: /eyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{8,}/ },
];

/** What in a text looks like a secret; base64 payloads of Temporal histories are read too. Empty where nothing does. */
export function findSecrets(text: string): string[] {
  const parts = [text.replace(PAYLOAD, '""'), ...payloadTexts(text)];
  return parts.flatMap((part) => SIGNS.filter((sign) => sign.pattern.test(part)).map((sign) => sign.what));
}

/** The decoded payloads of a history in JSON. */
export function payloadTexts(history: string): string[] {
  return [...history.matchAll(PAYLOAD)].map((match) => Buffer.from(match[1] ?? '', 'base64').toString('utf8'));
}

const PAYLOAD = /"data":\s*"([A-Za-z0-9+/=]{16,})"/g;
