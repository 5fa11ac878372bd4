// Starts a gateway as production would, with the development issuer switched on, and sees that it refuses.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const startMsMax = 30_000;

/** Rejects unless the gateway ends by itself and says that it does so because of the issuer. */
export async function refusesProduction(signal: AbortSignal): Promise<void> {
  const env = {
    ...{ PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, NODE_ENV: 'production' },
    ...{ AUTH_DEV_ISSUER: join(tmpdir(), `no-issuer-${randomUUID()}.json`), PORT: '0' },
  };
  const args = ['--disable-warning=ExperimentalWarning', join(root, 'gateway', 'main.ts')];
  const { promise, resolve } = Promise.withResolvers<{ readonly code: unknown; readonly output: string }>();
  execFile(process.execPath, args, { cwd: root, env, signal, timeout: startMsMax }, (error, stdout, stderr) =>
    resolve({ code: error?.code ?? 0, output: stdout + stderr }),
  );
  const { code, output } = await promise;
  assert.ok(typeof code === 'number' && code !== 0, 'The gateway started, or did not end');
  assert.match(output, /AUTH_DEV_ISSUER must not be set with NODE_ENV=production/);
}
