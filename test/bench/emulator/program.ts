import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { root } from '../../house/root.js';

const PROGRAM = join(root, 'bin', 'azureml-emulator.mjs');

/** An emulator that runs as its users start it. */
export interface Program {
  url: string;
  caFile: string;
  pid: number;
  stop(): Promise<void>;
}

/** Starts `azureml-emulator` with flags. @throws Error with what it said when it does not come up */
export async function startProgram(flags: readonly string[]): Promise<Program> {
  const child = spawn(process.execPath, [PROGRAM, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => void (said.length < 100 && said.push(chunk.toString())));
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  const ready = await Promise.race([
    new Promise<string>((done) => createInterface(child.stdout).once('line', done)),
    exited.then(() => Promise.reject(new Error(`The emulator did not start: ${said.join('')}`))),
  ]);
  const stop = (): Promise<void> => {
    child.kill('SIGTERM');
    return exited;
  };
  return { ...(JSON.parse(ready) as Pick<Program, 'url' | 'caFile' | 'pid'>), stop };
}
