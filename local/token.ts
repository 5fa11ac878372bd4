// `npm run -s token`: prints a token for the local mesh and nothing else. It needs neither a running mesh nor its address.
import { readArguments } from './terminal/arguments.ts';
import { mintToken, type TokenOwner } from './terminal/mint-token.ts';
import { runCommand, UsageError } from './terminal/run-command.ts';

const roleNames = ['viewer', 'editor', 'admin'];
const lifetimeSMax = 365 * 86_400;
const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

const usage = `Usage: npm run -s token -- --tenant <name> --user <name> [--roles <role,…>] [--lifetime <duration>]

  --tenant    name or UUID of the tenant; a tenant that is not known yet is made by its first request
  --user      name of the user
  --roles     viewer, editor or admin; several separated by commas   [viewer]
  --lifetime  how long the token holds, such as 30m, 12h or 7d       [12h]

Example: npm run -s token -- --tenant acme --user alice --roles admin`;

function readOwner(args: readonly string[]): TokenOwner | 'help' {
  const given = readArguments(args, {
    tenant: { type: 'string' },
    user: { type: 'string' },
    roles: { type: 'string', default: 'viewer' },
    lifetime: { type: 'string', default: '12h' },
    help: { type: 'boolean', default: false },
  });
  if (given.help) return 'help';
  return {
    tenant: readName('--tenant', given.tenant),
    user: readName('--user', given.user),
    roles: readRoles(given.roles),
    lifetimeS: readLifetime(given.lifetime),
  };
}

function readName(option: string, text: string | undefined): string {
  const name = text?.trim() ?? '';
  if (name === '') throw new UsageError(`${option} is required`);
  if (name.length > 100) throw new UsageError(`${option} may have at most 100 characters`);
  return name;
}

function readRoles(text: string): readonly string[] {
  const roles = text.split(',').map((role) => role.trim().toLowerCase());
  const unknown = roles.find((role) => !roleNames.includes(role));
  if (unknown === undefined) return roles;
  throw new UsageError(`--roles takes ${roleNames.join(', ')}, not "${unknown}"`);
}

function readLifetime(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,8})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (secondsOf[unit] ?? Number.NaN);
  if (seconds >= 1 && seconds <= lifetimeSMax) return seconds;
  throw new UsageError(`--lifetime takes a duration of 1s to 365d, such as 30m, 12h or 7d, not "${text}"`);
}

await runCommand({
  name: 'The token command',
  usage,
  run: async () => {
    const owner = readOwner(process.argv.slice(2));
    process.stdout.write(`${owner === 'help' ? usage : await mintToken(owner)}\n`);
    return 0;
  },
});
