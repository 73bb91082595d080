import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

const listening = '0A';

/** The TCP ports a process listens on, as text; empty when there are none, or where there is no /proc. */
export function portsOf(pid) {
  const inodes = socketsOf(pid);
  const ports = ['tcp', 'tcp6'].flatMap((table) =>
    rows(table)
      .filter(([, local, , state, , , , , , inode]) => local && state === listening && inodes.has(inode))
      .map(([, local]) => `port ${parseInt(local.split(':')[1], 16)}`),
  );
  return [...new Set(ports)].join(', ');
}

function socketsOf(pid) {
  try {
    const links = readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return '';
      }
    });
    return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  } catch {
    return new Set();
  }
}

function rows(table) {
  try {
    return readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/));
  } catch {
    return [];
  }
}
