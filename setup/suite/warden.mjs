import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { inPython, inRoot, root } from '../places.mjs';
import { portsOf } from './ports.mjs';

/**
 * Starts a program under `warden.py`, in a session of its own, so that whatever it leaves behind is found.
 * @param {string} program
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {number | 'inherit'} [output] where stdout and stderr go: an open file, or this process's own
 */
export function underWarden(program, args, env, output = 'inherit') {
  const warden = spawn(inPython('python'), [inRoot('setup', 'suite', 'warden.py'), program, ...args], {
    cwd: root,
    env,
    detached: true,
    stdio: ['pipe', output, output, 'pipe'],
  });
  let pid;
  const ended = new Promise((resolve) => {
    createInterface({ input: warden.stdio[3] }).on('line', (line) => {
      const message = JSON.parse(line);
      pid ??= message.pid;
      if (message.end !== undefined) resolve({ ...message, left: message.left.map(describe) });
    });
    warden.once('exit', (code, signal) =>
      resolve({ end: `warden ended (${code ?? signal})`, left: [], computed: null }),
    );
    warden.once('error', (error) => resolve({ end: error.message, left: [], computed: null }));
  });
  const gone = new Promise((resolve) => warden.once('exit', resolve).once('error', resolve));
  return {
    /** How the program ended, as `exit 0` or `signal SIGKILL`, what then still lived, described, and the seconds of processor time it and all below it took. */
    ended,
    /** The ports on which the program itself listens. */
    ports: () => (pid === undefined ? '' : portsOf(pid)),
    /** Kills the program, if it still runs, and all that it left. */
    close: () => {
      warden.stdin.end();
      return gone;
    },
  };
}

function describe({ pid, command }) {
  const ports = portsOf(pid);
  return `${pid} (${command.slice(0, 160)})${ports ? `, listening on ${ports}` : ''}`;
}
