// A way from here to a Service in a cluster, for as long as it is needed.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Commands } from './external-command.ts';
import { type Reachable, StepFailure } from './target.ts';

const openMsMax = 30_000;

/** Starts `kubectl` with these arguments and resolves once it says on which port it listens. StepFailure when it does not. */
export async function forwardPort(commands: Commands, args: readonly string[]): Promise<Reachable> {
  const child = commands.start('kubectl', args);
  const exited = once(child, 'close').catch(() => undefined); // what could not start is told below
  let told = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  child.stdin?.end();
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  if (child.stdout)
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, port] = /^Forwarding from 127\.0\.0\.1:(\d+)/.exec(line) ?? [];
      if (port !== undefined) resolve(port);
    });
  exited.then(() => resolve(undefined));
  const limit = setTimeout(() => resolve(undefined), openMsMax);
  const port = await promise;
  clearTimeout(limit);
  const close = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
  };
  if (port !== undefined) return { url: `http://127.0.0.1:${port}`, issuer: undefined, close };
  await close();
  throw new StepFailure(`kubectl port-forward does not open a port: ${told.trim()}`, { part: 'gateway' });
}
