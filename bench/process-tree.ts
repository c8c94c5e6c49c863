import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a process and all its descendants have used so far. */
export interface TreeUsage {
  /** User + system time of every thread, ended threads and reaped children included. */
  readonly cpuMs: number;
  readonly residentBytes: number;
}

/** USER_HZ: fixed at 100 in Linux' ABI. */
const TICK_MS = 10;

interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
  readonly residentPages: number;
}

function readStat(pid: number): ProcessStat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return null;
  }
  // The command name may hold blanks and brackets: fields are counted from the last closing bracket.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (index: number): number => Number(fields[index]);
  return {
    pid,
    parent: field(1),
    ticks: field(11) + field(12) + field(13) + field(14),
    residentPages: field(21),
  };
}

export function treeUsage(rootPid: number): TreeUsage {
  const children = new Map<number, ProcessStat[]>();
  let root: ProcessStat | null = null;
  for (const name of readdirSync('/proc')) {
    if (name.charCodeAt(0) > 57) continue;
    const stat = readStat(Number(name));
    if (!stat) continue;
    if (stat.pid === rootPid) root = stat;
    const siblings = children.get(stat.parent);
    if (siblings) siblings.push(stat);
    else children.set(stat.parent, [stat]);
  }
  if (!root) throw new Error(`process ${rootPid} is gone`);
  let ticks = 0;
  let pages = 0;
  const queue = [root];
  for (let next = queue.pop(); next; next = queue.pop()) {
    ticks += next.ticks;
    pages += next.residentPages;
    queue.push(...(children.get(next.pid) ?? []));
  }
  return { cpuMs: ticks * TICK_MS, residentBytes: pages * 4096 };
}

/**
 * Waits until the tree has used next to nothing for `quietMs`, so that work put off past the reply (log batches,
 * compression, write-back) is charged to the load that caused it. Returns false when it was still busy at the limit.
 */
export async function waitUntilIdle(rootPid: number, quietMs: number, limitMs = 20_000): Promise<boolean> {
  const stepMs = 100;
  const deadline = performance.now() + limitMs;
  let quiet = 0;
  let last = treeUsage(rootPid).cpuMs;
  while (quiet < quietMs) {
    if (performance.now() > deadline) return false;
    await sleep(stepMs);
    const now = treeUsage(rootPid).cpuMs;
    quiet = now - last <= TICK_MS ? quiet + stepMs : 0;
    last = now;
  }
  return true;
}
