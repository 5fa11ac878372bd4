// `domainflow health`: whether the platform and its parts are well. It needs no credential.
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { Failed } from '../usage-error.ts';

interface Health {
  readonly status: string;
  readonly version: string;
  readonly components: Readonly<Record<string, { readonly status: string }>>;
}

/** Adds the command. */
export function addHealth(program: Command, cli: Cli): void {
  program
    .command('health')
    .description('whether the platform and its parts are well; status 1 when it is not')
    .action(
      cli.action(async ({ api, out, target }) => {
        // What is not well is answered with 503, and tells as much.
        const health = (await (await api.exchange('GET', '/health')).json()) as Health;
        const parts = Object.entries(health.components);
        out.result(health, () => [
          `${target.baseUrl} is ${health.status} (version ${health.version})`,
          ...parts.map(([name, { status }]) => `  ${name}: ${status}`),
        ]);
        if (health.status === 'unhealthy') throw new Failed();
      }),
    );
}
