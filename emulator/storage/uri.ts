/** What a data address points at. */
export type DataAddress =
  | { kind: 'datastore'; datastore: string; path: string }
  | { kind: 'blob'; account: string; container: string; path: string }
  | { kind: 'asset'; name: string; version: string };

const SHORT = /^azureml:\/\/datastores\/([^/]+)\/paths\/?(.*)$/i;
const LONG =
  /^azureml:\/\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/(?:providers\/[^/]+\/)?workspaces\/[^/]+\/datastores\/([^/]+)\/paths\/?(.*)$/i;
const ARTIFACTS = /^azureml:\/\/datastores\/([^/]+)\/(ExperimentRun\/.*)$/i;
const ASSET_ID = /\/data\/([^/]+)\/versions\/([^/]+)$/i;
const ASSET_NAME = /^azureml:([^:/]+):([^:/]+)$/i;
const WASBS = /^wasbs:\/\/([^@]+)@([^./]+)\.[^/]*\/?(.*)$/i;

/**
 * Reads the address of an input, output or code asset: `azureml://` of a datastore in its short or long form, an https
 * address of a blob (in the style of Azure, `https://ACCOUNT.blob.../CONTAINER/PATH`, or of Azurite with the account in
 * the path), `wasbs://`, or a data asset by ARM id or `azureml:NAME:VERSION`. Undefined for anything else.
 */
export function parseDataUri(uri: string): DataAddress | undefined {
  const datastore = SHORT.exec(uri) ?? LONG.exec(uri) ?? ARTIFACTS.exec(uri);
  if (datastore !== null) return { kind: 'datastore', datastore: datastore[1] ?? '', path: datastore[2] ?? '' };
  const asset = ASSET_ID.exec(uri) ?? ASSET_NAME.exec(uri);
  if (asset !== null) return { kind: 'asset', name: asset[1] ?? '', version: asset[2] ?? '' };
  const wasbs = WASBS.exec(uri);
  if (wasbs !== null) return { kind: 'blob', container: wasbs[1] ?? '', account: wasbs[2] ?? '', path: wasbs[3] ?? '' };
  return /^https?:\/\//i.test(uri) ? blobAddress(new URL(uri)) : undefined;
}

function blobAddress(url: URL): DataAddress | undefined {
  const parts = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const accountInHost = /^([^.]+)\.blob\./.exec(url.hostname)?.[1];
  const [account, container, ...path] = accountInHost === undefined ? parts : [accountInHost, ...parts];
  if (account === undefined || container === undefined) return undefined;
  return { kind: 'blob', account, container, path: path.join('/') };
}
