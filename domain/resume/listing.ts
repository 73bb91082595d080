/** A blob as a listing shows it. */
export interface ListedBlob {
  readonly path: string;
  readonly bytes: number;
  /** Changes whenever the blob is written. */
  readonly etag: string;
}

export interface ListedFile {
  readonly name: string;
  readonly bytes: number;
  readonly etag: string;
}

/** A checkpoint folder of a phase, whole or not. */
export interface ListedCheckpoint {
  readonly attempt: string;
  readonly incarnation: string;
  readonly step: number;
  readonly path: string;
  readonly files: readonly ListedFile[];
}

const CHECKPOINT_FILE = /\/attempts\/(a\d+)\/([^/]+)\/checkpoints\/step-(\d{9})\/([^/]+)$/;
export const MANIFEST = 'manifest.json';

/** Checkpoint folders among blobs, also those that never got their manifest: they are reported, not passed over. */
export function checkpointsAmong(blobs: readonly ListedBlob[]): ListedCheckpoint[] {
  const found = new Map<string, ListedCheckpoint & { files: ListedFile[] }>();
  for (const { path, bytes, etag } of blobs) {
    const match = CHECKPOINT_FILE.exec(path);
    if (match === null) continue;
    const folder = path.slice(0, path.lastIndexOf('/'));
    const [, attempt = '', incarnation = '', step = '', name = ''] = match;
    const known = found.get(folder) ?? { attempt, incarnation, step: Number(step), path: folder, files: [] };
    known.files.push({ name, bytes, etag });
    found.set(folder, known);
  }
  return [...found.values()];
}

/** A checkpoint exists when its manifest does. */
export const isWhole = (checkpoint: ListedCheckpoint) => checkpoint.files.some(({ name }) => name === MANIFEST);
