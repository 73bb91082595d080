import type { DatasetManifest } from '../../corpus/manifest.js';
import { inOrder } from '../../corpus/stages/workshop.js';
import { filesOf } from '../copy/manifest.js';
import type { HashedFolder } from './hashed-folder.js';

const AT_ONCE = 4;

/**
 * Hashes all files that a manifest names.
 * @param tell called behind each file with its bytes
 * @returns one sentence for each that is not as the manifest says
 */
export async function verifyFiles(
  manifest: DatasetManifest,
  folder: HashedFolder,
  tell: (bytes: number) => void,
): Promise<{ files: number; bytes: number; bad: string[] }> {
  const files = filesOf(manifest);
  let bytes = 0;
  const found = await inOrder(files.length, AT_ONCE, async (index) => {
    const { file = '', sha256 = '', bytes: wanted = null } = files[index] ?? {};
    const is = await folder.sha256(file);
    bytes += is?.bytes ?? 0;
    tell(is?.bytes ?? 0);
    if (is === null) return `${file} is missing`;
    if (is.sha256 === sha256) return null;
    const size = wanted === null || wanted === is.bytes ? `${is.bytes} of them` : `${is.bytes} instead of ${wanted}`;
    return `${file} holds other bytes than its manifest says (${size})`;
  });
  return { files: files.length, bytes, bad: found.filter((problem) => problem !== null) };
}
