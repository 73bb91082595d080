const entities = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&#10;': ' ', '&amp;': '&' };

/**
 * Reads what pytest writes with `--junitxml`.
 * @param {string} xml
 * @returns {{ passed: number, failed: string[], skipped: { title: string, reason: string }[] }}
 */
export function fromJunit(xml) {
  const outcome = { passed: 0, failed: [], skipped: [] };
  for (const [, attributes, , body = ''] of xml.matchAll(/<testcase\b([^>]*?)(\/>|>([\s\S]*?)<\/testcase>)/g)) {
    const title = [valueOf(attributes, 'classname'), valueOf(attributes, 'name')].filter(Boolean).join(' ');
    const skip = /<skipped\b([^>]*)/.exec(body);
    if (/<(failure|error)\b/.test(body)) outcome.failed.push(title);
    else if (skip) outcome.skipped.push({ title, reason: valueOf(skip[1], 'message') || 'no reason given' });
    else outcome.passed += 1;
  }
  return outcome;
}

function valueOf(attributes, name) {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? '';
  return value.replace(/&(?:lt|gt|quot|apos|amp|#10);/g, (entity) => entities[entity]);
}
