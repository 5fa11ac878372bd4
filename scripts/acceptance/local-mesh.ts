// A local mesh for one run of the suite, and the tokens of its callers: started on a free port with databases of its own, ended with the run.
import { join } from 'node:path';
import { startMesh } from '../../local/mesh.ts';
import { makeTemporaryFolder } from '../../local/terminal/temporary-folder.ts';
import type { RunMesh } from './command.ts';

/** Starts it; `onStep` is told in a few words what is being done. */
export async function startRunMesh(signal: AbortSignal, onStep: (step: string) => void): Promise<RunMesh> {
  const folder = await makeTemporaryFolder();
  try {
    const mesh = await startMesh({
      ...{ port: 0, dataDir: undefined, mode: 'in-process', durable: false, signal, onStep },
      ...{ issuerKeyPath: join(folder.path, 'issuer', 'key.json'), logDir: join(folder.path, 'logs') },
    });
    return {
      url: mesh.gatewayUrl,
      close: async () => {
        await mesh.close();
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}
