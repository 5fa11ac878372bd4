// A tiny shell that outlives a killed parent: once the parent's end of its input closes, it shuts the server down.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';

// $1 the server, $2 its data directory, $3 a folder to remove afterwards or nothing. Nothing is ever written to the
// input, so `read` ends only with the parent. The lock file proves that $1 is still the server.
const script = `
read -r _
[ "$(head -n 1 "$2/postmaster.pid" 2>/dev/null)" = "$1" ] && kill -INT "$1"
[ -n "$3" ] || exit 0
while kill -0 "$1" 2>/dev/null; do sleep 0.1; done
rm -rf -- "$3"`;

/** What a guard watches over. */
export interface GuardOptions {
  readonly serverPid: number;
  readonly directory: string;
  /** A folder that is removed when the parent dies; absent keeps everything. */
  readonly folderToRemove?: string | undefined;
}

/** A running guard. */
export interface Guard {
  /** Ends it without any effect. */
  release(): void;
  /** Lets this process end while the guard waits, which is then what the guard has waited for. */
  unref(): void;
}

/** Starts the guard. It belongs to no terminal, so that Ctrl-C does not reach it. */
export function startGuard({ serverPid, directory, folderToRemove }: GuardOptions): Guard {
  const parameters = ['domainflow-guard', String(serverPid), directory, folderToRemove ?? ''];
  const guard: ChildProcess = spawn('/bin/sh', ['-c', script, ...parameters], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  return {
    release: () => void guard.kill('SIGKILL'),
    unref: () => {
      guard.unref();
      (guard.stdin as Socket).unref(); // a pipe to a child is a socket
    },
  };
}
