// Another replica of a test's orchestrator in a process of its own, for a test that kills it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { ClosableTransport } from '../../../foundation/rpc/balanced-transport.ts';
import type { TestOrchestrator } from '../app.for-test.ts';

const program = join(import.meta.dirname, 'service-process.for-test.ts');

/** A replica that serves. */
export interface ReplicaProcess {
  readonly transport: ClosableTransport;
  /** Ends it by SIGKILL, and fails when it had ended by itself. */
  kill(): Promise<void>;
  /** Ends it if it still runs. */
  end(): void;
}

/** Starts one on the databases of the given orchestrator. */
export async function startReplica(
  { settings, transportTo }: Pick<TestOrchestrator, 'settings' | 'transportTo'>,
  replicaName = 'replica-1',
): Promise<ReplicaProcess> {
  const given = JSON.stringify({ ...settings, REPLICA_NAME: replicaName });
  const child = spawn(process.execPath, ['--no-warnings', program, given], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [address] = await once(child.stdout, 'data');
  const transport = transportTo(String(address).trim());
  return {
    transport,
    async kill() {
      child.kill('SIGKILL');
      expect(await exited).toEqual([null, 'SIGKILL']);
      transport.close();
    },
    end: () => void child.kill('SIGKILL'),
  };
}
