// Looks at one process of this machine by its id. It needs /proc or the `ps` command, so it works on Linux and macOS.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A living process. */
export interface InspectedProcess {
  readonly pid: number;
  readonly parentPid: number;
  /** Its program and arguments, separated by single blanks. */
  readonly command: string;
}

/** The living process with this id; undefined when there is none or it has ended and only waits to be collected. */
export async function inspectProcess(pid: number): Promise<InspectedProcess | undefined> {
  return process.platform === 'linux' ? inspectProc(pid) : inspectPs(pid);
}

async function inspectProc(pid: number): Promise<InspectedProcess | undefined> {
  try {
    const [stat, cmdline] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ]);
    // "pid (name) state ppid …": the name may hold blanks and brackets, so fields are counted from its last bracket.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return undefined;
    return { pid, parentPid: Number(parent), command: cmdline.replaceAll('\0', ' ').trim() };
  } catch {
    return undefined; // no such process
  }
}

async function inspectPs(pid: number): Promise<InspectedProcess | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', [
      '-ww',
      '-o',
      'ppid=,stat=,command=',
      '-p',
      String(pid),
    ]);
    const [, parent, state = '', command = ''] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(stdout.trimEnd()) ?? [];
    return parent === undefined || state.startsWith('Z')
      ? undefined
      : { pid, parentPid: Number(parent), command };
  } catch {
    return undefined; // ps answers 1 for no such process
  }
}
