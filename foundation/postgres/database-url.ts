// From what the settings say to the URL that connections are opened with: files and secrets are read here, each time anew.
import type { DatabaseConfig } from '../config/database-config.ts';
import type { DatabasePlace, DatabaseSource, KnownPlace } from '../config/database-source.ts';
import { readSecret } from '../secrets/read-secret.ts';
import { SecretError, type SecretSource } from '../secrets/secret-source.ts';
import { secureUrl } from './secure-url.ts';

const portDefault = 5_432;
const databaseDefault = 'domainflow';

/** The complete URL of a source, encryption included. Throws SecretError, which names the setting to mend. */
export async function resolveDatabaseUrl(
  source: DatabaseSource,
  tls: DatabaseConfig['tls'],
): Promise<string> {
  return secureUrl(await plainUrl(source), tls);
}

async function plainUrl(source: DatabaseSource): Promise<string> {
  if (source.kind === 'url') return checkedUrl(await readSecret(source.url), source.url);
  if (source.kind === 'password') {
    const { user, password } = source;
    return urlOf(source, { user, password: await readSecret(password) });
  }
  const { secret, ...place } = source;
  return urlOfSecret(await readSecret(secret), secret, place);
}

/** A URL from a setting was checked when it was read; one from a file was not. */
function checkedUrl(text: string, { kind, ...source }: SecretSource): string {
  if (kind === 'text' || /^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  throw new SecretError(
    settingOf(source),
    'the file must hold a URL postgresql://user:password@host/database',
  );
}

interface Login {
  readonly user: string;
  readonly password: string;
}

function urlOf({ host, port, database }: DatabasePlace, { user, password }: Login): string {
  const url = new URL('postgresql://localhost');
  if (host.startsWith('/')) url.searchParams.set('host', host);
  else url.hostname = host.includes(':') ? `[${host}]` : host;
  url.port = String(port);
  url.pathname = `/${encodeURIComponent(database)}`;
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(password);
  return url.toString();
}

/** The secret of a database as AWS writes it; what the settings say of its place goes before what the secret says. */
function urlOfSecret(text: string, source: SecretSource, place: KnownPlace): string {
  const { username, password, host, port, dbname } = fieldsOf(text);
  const problem = (sentence: string): SecretError => new SecretError(settingOf(source), sentence);
  if (typeof username !== 'string' || typeof password !== 'string') {
    throw problem('the secret must be JSON with the texts username and password');
  }
  const where = place.host ?? host;
  if (typeof where !== 'string' || where === '') {
    throw problem('the secret does not say a host: set DB_HOST');
  }
  const at = {
    host: where,
    port: place.port ?? (Number(port) || portDefault),
    database: place.database ?? (typeof dbname === 'string' && dbname !== '' ? dbname : databaseDefault),
  };
  return urlOf(at, { user: username, password });
}

function fieldsOf(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {}; // the parser's message would show a piece of the secret
  }
}

function settingOf(source: object): string {
  return 'setting' in source ? String(source.setting) : 'the database';
}
