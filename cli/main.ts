import { CommanderError } from 'commander';
import { exitCodes } from './exit-codes.js';
import { explain, trace } from './failure.js';
import { endQuietlyOnClosedPipe, type Io, processIo } from './io.js';
import { makeProgram } from './program.js';

/**
 * The `bertha` command.
 * @param argv words behind `bertha`
 * @returns the exit code, see `exit-codes.ts`; never throws
 */
export async function main(argv: string[], io: Io = standardIo()): Promise<number> {
  const outcome = { code: exitCodes.ok.code as number };
  try {
    await makeProgram(io, outcome).parseAsync(argv, { from: 'user' });
    return outcome.code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok.code : exitCodes.usage.code;
    const { code, text } = explain(error);
    io.err(
      `${text
        .split('\n')
        .map((line) => `bertha: ${line}`)
        .join('\n')}\n`,
    );
    if ((process.env['BERTHA_DEBUG'] ?? '') !== '') io.err(`${trace(error)}\n`);
    return code;
  }
}

function standardIo(): Io {
  endQuietlyOnClosedPipe();
  return processIo();
}
