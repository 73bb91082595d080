import type { Deps } from '../../../activities/deps.js';

/** Dependencies that write down the path of every blob that is hashed. */
export function notingHashes(deps: Deps): { deps: Deps; hashed: string[] } {
  const hashed: string[] = [];
  const connection: Deps['connection'] = (target) => {
    const azure = deps.connection(target);
    return {
      ...azure,
      container(account, name) {
        const blobs = azure.container(account, name);
        const hash = blobs.sha256.bind(blobs);
        blobs.sha256 = (path, options) => {
          hashed.push(path);
          return hash(path, options);
        };
        return blobs;
      },
    };
  };
  return { deps: { ...deps, connection }, hashed };
}
