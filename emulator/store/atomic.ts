import { open, rename } from 'node:fs/promises';

/** Replaces a file so that after a crash at any moment the old or the new content is there, never a half. */
export async function writeAtomically(file: string, content: string): Promise<void> {
  const temporary = `${file}.tmp`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}
