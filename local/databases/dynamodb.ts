// A DynamoDB emulator (dynalite) in a process of its own, so that its work shares no event loop with the services. Its writes survive
// the death of any process; a loss of power may cost the last ones. Its indexes are immediate and it never throttles, unlike AWS.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('dynamodb-process.ts', import.meta.url));

/** What the emulator's process tells its parent, once. */
export type DynamodbReport = { readonly port: number } | { readonly error: string };

/** Where the emulator keeps its data. */
export interface LocalDynamodbOptions {
  /** A directory whose parent exists; absent keeps everything in memory. */
  readonly path?: string | undefined;
  /** Kills the emulator when aborted, also while it waits for a predecessor. */
  readonly signal?: AbortSignal;
}

/** A running emulator. */
export interface LocalDynamodb {
  /** `http://127.0.0.1:<port>`; any region and any credentials will do. */
  readonly endpoint: string;
  readonly pid: number;
  /** Ends it once running writes are stored. Calling it again waits for the same end. */
  stop(): Promise<void>;
}

/**
 * Starts the emulator on a free port of 127.0.0.1. It waits up to 10 s for a
 * predecessor that is ending and throws when the directory stays in use; after an unclean end it repairs the indexes first.
 */
export async function startLocalDynamodb({ path, signal }: LocalDynamodbOptions): Promise<LocalDynamodb> {
  const emulator = fork(program, [path ?? ''], {
    execArgv: ['--no-warnings'],
    detached: true, // Ctrl-C in a terminal reaches the mesh, which then stops its databases last
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    ...(signal && { signal }),
  });
  const exited = new Promise<void>((resolve) => emulator.once('exit', () => resolve()));
  const report = await reportOf(emulator);
  if ('error' in report)
    throw new Error(`The DynamoDB emulator does not start on ${path ?? 'memory'}: ${report.error}`);
  return {
    endpoint: `http://127.0.0.1:${report.port}`,
    pid: emulator.pid ?? 0, // a spawned process has an id
    stop: async () => {
      if (emulator.connected) emulator.disconnect();
      await exited;
    },
  };
}

function reportOf(emulator: ChildProcess): Promise<DynamodbReport> {
  return new Promise((resolve, reject) => {
    emulator.once('message', (message) => resolve(message as DynamodbReport));
    emulator.once('exit', (code) => resolve({ error: `its process ended with ${code}` }));
    emulator.on('error', reject);
  });
}
