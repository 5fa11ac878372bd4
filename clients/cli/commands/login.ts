// `domainflow login`, `logout`, `whoami`, `token`: as whom the commands that follow speak.
import { type Command, Option } from 'commander';
import type { ApiClient } from '../../api/api-client.ts';
import { createClient } from '../../api/api-client.ts';
import { apiErrorOf } from '../../api/api-error.ts';
import type { Cli, CommonOptions, Frame } from '../cli.ts';
import { readText } from '../input.ts';
import { loginFile, removeLogin, writeLogin } from '../kept-login.ts';
import { plainText } from '../screen/plain-text.ts';
import { UsageError } from '../usage-error.ts';

interface DevelopmentUser {
  readonly tenant?: string;
  readonly user?: string;
  readonly role: string;
}

interface LoginOptions extends CommonOptions, DevelopmentUser {
  readonly tokenStdin?: boolean;
  readonly dev?: boolean;
}

/** Adds the commands. */
export function addLogin(program: Command, cli: Cli): void {
  const login = program
    .command('login')
    .description('keep an address and a token, or an API key, for the commands that follow')
    .option('--token-stdin', 'read the token from standard input')
    .option('--dev', 'ask the development issuer of a local mesh for a token, which holds for 12 hours');
  withDevelopmentUser(login).action(cli.action<[], LoginOptions>(logIn));
  program
    .command('logout')
    .description('forget what login kept')
    .action(
      cli.action(async ({ out, surroundings }) => {
        const wasThere = await removeLogin(surroundings.config.folder);
        out.result({ logged_out: wasThere }, () => [
          wasThere ? 'The login is forgotten.' : 'There was no login.',
        ]);
      }),
    );
  program
    .command('whoami')
    .description('user, tenant and role')
    .action(
      cli.action(async ({ api, out, target }) => {
        const me = await api.get('/api/v1/me');
        out.result({ ...me, url: target.baseUrl }, () => [`${whoText(me)} at ${target.baseUrl}`]);
      }),
    );
  withDevelopmentUser(
    program
      .command('token')
      .description('a new token of the development issuer of a local mesh, for other programs'),
  ).action(
    cli.action<[], DevelopmentUser>(async ({ api, out }, _, user) => {
      const answer = await developmentToken(api, user);
      out.result(answer, () => [answer.access_token]);
    }),
  );
}

function withDevelopmentUser(command: Command): Command {
  return command
    .option('--tenant <name>', 'of the development user')
    .option('--user <name>', 'name of the development user')
    .addOption(
      new Option('--role <role>', 'of the development user')
        .choices(['viewer', 'editor', 'admin'])
        .default('viewer'),
    );
}

async function logIn(
  { api, out, target, surroundings, signal }: Frame,
  _: readonly [],
  options: LoginOptions,
): Promise<void> {
  const { baseUrl } = target;
  const token = await givenToken(api, options, surroundings);
  const me = await createClient({ baseUrl, credential: token, signal }).get('/api/v1/me');
  const { folder } = surroundings.config;
  await writeLogin(folder, { url: baseUrl, token });
  if (isOpenToListeners(baseUrl))
    out.note('The address begins with http: whoever is on the way can read the token.');
  out.result({ ...me, url: baseUrl }, () => [
    `Logged in to ${baseUrl} as ${whoText(me)}.`,
    `Kept in ${loginFile(folder)}, for you alone.`,
  ]);
}

function isOpenToListeners(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !/^(?:localhost|127\..*|\[::1\])$/.test(hostname);
}

async function givenToken(
  api: ApiClient,
  options: LoginOptions,
  surroundings: Frame['surroundings'],
): Promise<string> {
  const { dev, tokenStdin, token } = options;
  if ([dev, tokenStdin, token !== undefined].filter(Boolean).length !== 1) {
    throw new UsageError('login takes one of --token-stdin, --token and --dev');
  }
  if (dev) return (await developmentToken(api, options)).access_token;
  const text = (token ?? (await readText('-', surroundings))).trim();
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new UsageError(text === '' ? 'No token came on standard input' : 'The token must be one word');
}

interface DevelopmentToken {
  readonly access_token: string;
  readonly expires_in: number;
}

async function developmentToken(
  api: ApiClient,
  { tenant, user, role }: DevelopmentUser,
): Promise<DevelopmentToken> {
  if (!tenant || !user) throw new UsageError('A development token takes --tenant and --user');
  const response = await api.exchange('POST', '/dev/token', { body: { tenant, user, roles: [role] } });
  if (response.status === 404) {
    throw new UsageError(
      'This server has no development issuer: log in with a token of its own, by --token-stdin',
    );
  }
  if (!response.ok) throw await apiErrorOf(response);
  return (await response.json()) as DevelopmentToken;
}

interface Who {
  readonly username: string;
  readonly tenant_name: string;
  readonly role: string;
}

function whoText({ username, tenant_name, role }: Who): string {
  return plainText(`${username}, ${role} of tenant ${tenant_name}`);
}
