import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { diagnose } from './diagnose.mjs';
import { Halt } from './halt.mjs';
import { inHome, root } from './places.mjs';
import { isWatched, note } from './say.mjs';

const tries = 3;
const kept = 200_000;

/**
 * Runs a program to its end. The first try may draw its progress on the terminal; further ones are captured, so that
 * a failure can be told in one sentence. Only a failure that may pass (the network) is tried again.
 * @param {string} program
 * @param {string[]} args
 * @param {{ doing: string, cwd?: string, env?: Record<string, string | undefined>, retries?: boolean }} options `doing` completes "while ..."
 * @returns {Promise<string>} what it printed, as far as it was captured
 * @throws {Halt}
 */
export async function command(program, args, { doing, cwd = root, env = {}, retries = true }) {
  for (let attempt = 1; ; attempt += 1) {
    const mayDraw = isWatched && retries && attempt === 1;
    const { code, output } = await once(program, args, { cwd, env, mayDraw });
    if (code === 0) return output;
    if (mayDraw) continue;
    const problem = diagnose(output, { doing, program });
    const isLast = !retries || !problem.mayPass || attempt >= tries;
    if (isLast) throw new Halt(problem.sentence ?? unknown(doing, code, output));
    note(`set-up: ${doing} failed, try ${attempt} of ${tries}; trying again`);
    await sleep(2000 * attempt);
  }
}

function once(program, args, { cwd, env, mayDraw }) {
  return new Promise((resolve) => {
    const stdio = mayDraw ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'];
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio });
    const stop = (signal) => {
      child.kill(signal);
      process.exit(signal === 'SIGINT' ? 130 : 143);
    };
    process.once('SIGINT', stop).once('SIGTERM', stop);
    let output = '';
    const keep = (chunk) => (output = (output + chunk).slice(-kept));
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const end = (code) => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      resolve({ code, output });
    };
    child.once('error', (error) => {
      keep(`${error.code}: ${program}`);
      end(127);
    });
    child.once('close', (code, signal) => end(code ?? signal));
  });
}

function unknown(doing, code, output) {
  mkdirSync(inHome('log'), { recursive: true });
  const log = inHome('log', 'setup.log');
  writeFileSync(log, output);
  const lastLine = output.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
  return `The set-up failed while ${doing} (exit ${code}): ${lastLine} - all of the output is in ${log}; correct that and run this again.`;
}
