// Where a PostgreSQL database is and who one is there, in exactly one of the ways that a deployment may say it.
import type { SecretSource } from '../secrets/secret-source.ts';
import type { Readers } from './reader.ts';

/** Where a database is, and as whom to log in. Nothing of it has been read yet from files or secret stores. */
export type DatabaseSource =
  | { readonly kind: 'url'; readonly url: SecretSource }
  | ({ readonly kind: 'password'; readonly user: string; readonly password: SecretSource } & DatabasePlace)
  | ({ readonly kind: 'secret'; readonly secret: SecretSource } & KnownPlace);

/** A database of a server. */
export interface DatabasePlace {
  /** A name, an address, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

/** What the settings say of a database's place; the rest is in its secret. */
export type KnownPlace = { readonly [Part in keyof DatabasePlace]: DatabasePlace[Part] | undefined };

const protocols = ['postgresql:', 'postgres:'];
const arnForm = /^arn:[\w-]+:secretsmanager:([a-z0-9-]+):\d{12}:secret:[\w/+=.@-]+$/;

/**
 * Reads one way of: `DATABASE_URL`; `DATABASE_URL_FILE`; `DB_SECRET_ARN`, with `DB_HOST`, `DB_PORT` and `DB_NAME` for what the
 * secret does not say; `DB_HOST`, `DB_PORT` [5432] and `DB_NAME` [domainflow] with `DB_USER` and `DB_PASSWORD` or
 * `DB_PASSWORD_FILE`. A prefix such as `ENGINE_` is for a second login of the same process: host, port and name are shared.
 */
export function readDatabaseSource(read: Readers, prefix: '' | 'ENGINE_' | 'ADMIN_' = ''): DatabaseSource {
  const way = noteWays(read, prefix);
  const url = read.optional.url(`${prefix}DATABASE_URL`, { protocols, secret: true });
  const urlFile = read.optional.text(`${prefix}DATABASE_URL_FILE`);
  if (way === 'url') return { kind: 'url', url: { kind: 'text', text: url ?? '' } };
  if (way === 'url_file')
    return {
      kind: 'url',
      url: { kind: 'file', path: urlFile ?? '', setting: `${prefix}DATABASE_URL_FILE` },
    };
  return way === 'secret' ? readSecretLogin(read, prefix) : readPasswordLogin(read, prefix);
}

type Way = 'url' | 'url_file' | 'secret' | 'password';

/** The way that is taken; more than one, or none, is a problem. */
function noteWays(read: Readers, prefix: string): Way {
  const login = ['DB_USER', 'DB_PASSWORD', 'DB_PASSWORD_FILE'].map((name) => `${prefix}${name}`);
  const ways: readonly (readonly [Way, readonly string[]])[] = [
    ['url', [`${prefix}DATABASE_URL`]],
    ['url_file', [`${prefix}DATABASE_URL_FILE`]],
    ['secret', [`${prefix}DB_SECRET_ARN`]],
    ['password', login],
  ];
  const taken = ways.flatMap(([way, names]) => {
    const name = names.find(read.given);
    return name === undefined ? [] : [{ way, name }];
  });
  const names = taken.map(({ name }) => name);
  const [first] = taken;
  const isUrl = first?.way === 'url' || first?.way === 'url_file';
  if (isUrl && prefix === '' && read.given('DB_HOST')) names.push('DB_HOST');
  if (names.length > 1)
    read.problem(`${names.join(' and ')} each say where the database is: set one of them`);
  if (first === undefined) {
    const others = `${prefix}DATABASE_URL_FILE, ${prefix}DB_SECRET_ARN, or DB_HOST with ${prefix}DB_USER and ${prefix}DB_PASSWORD`;
    read.problem(`${prefix}DATABASE_URL is required, or instead of it ${others}`);
  }
  return first?.way ?? 'url';
}

function readSecretLogin(read: Readers, prefix: string): DatabaseSource {
  const setting = `${prefix}DB_SECRET_ARN`;
  const arn = read.optional.text(`${prefix}DB_SECRET_ARN`) ?? '';
  if (!arnForm.test(arn)) read.problem(`${setting} must be an ARN of AWS Secrets Manager, not "${arn}"`);
  return {
    kind: 'secret',
    secret: { kind: 'secrets_manager', arn, setting },
    host: read.optional.text('DB_HOST'),
    port: read.optional.integer('DB_PORT', { min: 1, max: 65_535 }),
    database: read.optional.text('DB_NAME'),
  };
}

function readPasswordLogin(read: Readers, prefix: string): DatabaseSource {
  return {
    kind: 'password',
    host: read.text('DB_HOST'),
    port: read.integer('DB_PORT', { min: 1, max: 65_535, default: 5_432 }),
    database: read.text('DB_NAME', { default: 'domainflow' }),
    user: read.text(`${prefix}DB_USER`),
    password: readPassword(read, prefix),
  };
}

function readPassword(read: Readers, prefix: string): SecretSource {
  const [plain, file] = [`${prefix}DB_PASSWORD`, `${prefix}DB_PASSWORD_FILE`];
  if (read.given(plain) === read.given(file)) read.problem(`Exactly one of ${plain} and ${file} must be set`);
  const path = read.optional.text(`${prefix}DB_PASSWORD_FILE`);
  if (path !== undefined) return { kind: 'file', path, setting: file };
  return { kind: 'text', text: read.optional.text(`${prefix}DB_PASSWORD`, { secret: true }) ?? '' };
}
