import { open } from 'node:fs/promises';

const flushAt = 1 << 20;

/** Writes JSON lines to a new file, a megabyte at a time. */
export interface LineWriter {
  write(value: unknown): Promise<void>;
  close(): Promise<void>;
}

export async function createLines(file: string): Promise<LineWriter> {
  const handle = await open(file, 'w');
  let lines: string[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    await handle.writeFile(lines.join(''));
    lines = [];
    size = 0;
  };
  return {
    async write(value) {
      const line = JSON.stringify(value) + '\n';
      lines.push(line);
      size += line.length;
      if (size >= flushAt) await flush();
    },
    async close() {
      try {
        await flush();
      } finally {
        await handle.close();
      }
    },
  };
}
