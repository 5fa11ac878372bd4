// `domainflow keys`: API keys for machines. A key is shown when it is made, and never again.
import { type Command, Option } from 'commander';
import type { Cli } from '../cli.ts';
import { type ListOptions, takeRows, wholeNumber, withListOptions } from '../list-options.ts';

interface NewKey {
  readonly kind: 'master' | 'service' | 'user';
  readonly permission?: readonly string[];
  readonly endpoint?: readonly string[];
  readonly rate?: number;
  readonly days?: number;
}

/** Adds the commands. */
export function addKeys(program: Command, cli: Cli): void {
  const keys = program.command('keys').description('API keys for machines');
  keys
    .command('create')
    .description('make a key; it is shown this one time')
    .argument('<name>', 'what it is for')
    .addOption(
      new Option('--kind <kind>', 'its kind').choices(['master', 'service', 'user']).default('service'),
    )
    .option(
      '-p, --permission <permission...>',
      'what it may do, such as reports:create; a master key needs none',
    )
    .option('--endpoint <path...>', 'the only paths that it may call, such as /reports')
    .option('--rate <count>', 'requests a minute', wholeNumber)
    .option('--days <count>', 'how long it holds', wholeNumber)
    .action(
      cli.action<[string], NewKey>(
        async ({ api, out }, [name], { kind, permission, endpoint, rate, days }) => {
          const body = {
            ...{ name, kind, ...(permission && { permissions: [...permission] }) },
            ...(endpoint && { allowed_endpoints: [...endpoint] }),
            ...(rate && { rate_limit: rate }),
            ...(days && { expires_at: new Date(Date.now() + days * 86_400_000).toISOString() }),
          };
          const key = await api.post('/api/v1/auth/keys', { body });
          out.result(key, () => [
            key.api_key,
            `This is the only time that it is shown. Its id is ${key.key_id}; it holds until ${key.expires_at ?? 'it is revoked'}.`,
          ]);
        },
      ),
    );
  withListOptions(keys.command('list').description('keys, without the keys themselves')).action(
    cli.action<[], ListOptions>(async ({ api, out }, _, options) => {
      const rows = await takeRows(keyRows(api), options);
      out.table(rows, [
        { title: 'KEY', of: ({ key_id }) => key_id },
        { title: 'NAME', of: ({ name }) => name },
        { title: 'KIND', of: ({ kind }) => kind },
        { title: 'PERMISSIONS', of: ({ permissions }) => permissions.join(' ') },
        { title: 'HOLDS UNTIL', of: ({ revoked_at, expires_at }) => (revoked_at ? 'revoked' : expires_at) },
        { title: 'LAST USED', of: ({ last_used_at }) => last_used_at },
      ]);
    }),
  );
  keys
    .command('revoke')
    .description('end a key, at once')
    .argument('<key>', 'its id')
    .action(
      cli.action<[string]>(async ({ api, out }, [key_id]) => {
        const answer = await api.delete('/api/v1/auth/keys/{key_id}', { path: { key_id } });
        out.result(answer, () => [answer.message]);
      }),
    );
}

type Api = Parameters<Parameters<Cli['action']>[0]>[0]['api'];

// This list goes by numbers instead of cursors.
async function* keyRows(api: Api) {
  for (let skip = 0; ; ) {
    const { items, has_next } = await api.get('/api/v1/auth/keys', { query: { skip, limit: 100 } });
    yield* items;
    skip += items.length;
    if (!has_next || items.length === 0) return;
  }
}
