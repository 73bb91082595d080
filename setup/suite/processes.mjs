import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/**
 * The processes that live now, zombies left out.
 * @returns {{ pid: number, parent: number, session: number, start: string, command: string }[]} `start` as of `startOf`
 */
export function listProcesses() {
  return process.platform === 'linux' ? fromProc() : fromPs();
}

function fromProc() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const line = readFileSync(`/proc/${name}/stat`, 'utf8');
        const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
        if (fields[0] === 'Z' || fields[0] === 'X') return [];
        const command =
          readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() ||
          line.slice(0, line.lastIndexOf(')') + 1);
        return [
          { pid: Number(name), parent: Number(fields[1]), session: Number(fields[3]), start: fields[19], command },
        ];
      } catch {
        return []; // It ended while we looked.
      }
    });
}

/** Without /proc the process group stands in for the session, which ps does not tell everywhere. */
function fromPs() {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,lstart=,command='], { encoding: 'utf8' }).split(
    '\n',
  );
  return lines.flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/.exec(line);
    if (match === null || match[4].startsWith('Z')) return [];
    return [
      {
        pid: Number(match[1]),
        parent: Number(match[2]),
        session: Number(match[3]),
        start: match[5],
        command: match[6],
      },
    ];
  });
}
