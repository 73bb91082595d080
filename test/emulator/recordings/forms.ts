const MASKS: readonly [RegExp, string][] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, '{time}'],
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b/g, '{time} '],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{9,12}/gi, '{guid}'],
  [/https?:\/\/[^/?]+\.blob\.core\.windows\.net(:443)?/g, '{blobs}'],
  [/https?:\/\/127\.0\.0\.1:\d+\/testaccount/g, '{blobs}'],
  [/https?:\/\/[^/?]+/g, '{host}'],
  [/azureml:\/\/[^/]+(?=\/mlflow)/g, 'azureml://{host}'],
  [/resourceGroups\/[^/]+\/(?=providers\/Microsoft\.(?!Machine|Batch))/g, 'resourceGroups/{group}/'],
  [/(storageAccounts|vaults|components|registries)\/[^/]+/gi, '$1/{name}'],
  [/(quotas|usages)\/[^/]+$/g, '$1/{family}'],
  [/\{blobs\}\/[^/?]+/g, '{blobs}/{container}'],
  [/\?.*$/g, '?'],
];

/**
 * The form of a text: a path or an address with what differs from run to run masked (times, GUIDs, hosts, accounts,
 * queries), letters of its fixed parts as they are; for free text only that it is one.
 */
export function formOf(text: string): string {
  const masked = MASKS.reduce((all, [what, mask]) => all.replace(what, mask), text);
  const isAddress = /^(\/|azureml:|\{host\}|\{blobs\})/.test(masked);
  const isWhole = /^\{(time|guid)\}$/.test(masked);
  return isAddress || isWhole ? masked : '{text}';
}
