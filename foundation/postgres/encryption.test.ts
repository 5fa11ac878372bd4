// Encryption on the wire, with a server that has it and one that has not: what the settings promise is what the connection is.
import { appendFile, chmod, chown, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalPostgres, startLocalPostgres } from '../../local/databases/postgres.ts';
import { postgresAccount } from '../../local/databases/postgres-program.ts';
import type { DatabaseTls, SslMode } from '../config/database-config.ts';
import { createPostgres } from './pool.ts';
import { secureUrl } from './secure-url.ts';
import { selfSigned } from './self-signed.for-test.ts';

let dataDir: string;
let server: LocalPostgres;

const file = (name: string): string => join(dataDir, name);

/** Gives the stopped server a certificate for `host`, and writes the certificate down as an authority. */
async function certify(host: string): Promise<void> {
  const { certificate, key } = selfSigned(host);
  await writeFile(file('ca.pem'), certificate);
  const account = await postgresAccount();
  for (const [name, text] of Object.entries({ 'server.crt': certificate, 'server.key': key })) {
    const path = join(dataDir, 'postgres', name);
    await writeFile(path, text, { mode: 0o600 });
    if (account) await chown(path, account.uid, account.gid);
  }
}

/** Whether the connection is encrypted, or the code of the error that there is instead of one. */
async function encrypted(tls: DatabaseTls): Promise<unknown> {
  const url = secureUrl(server.adminUrl, tls);
  const postgres = createPostgres({ url, applicationName: 'test', sizeMax: 1, acquireTimeoutMs: 5_000 });
  try {
    const text = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';
    const { rows } = await postgres.query<{ ssl: boolean }>({ name: 'test.ssl', text });
    return rows[0]?.ssl;
  } catch (error) {
    const { cause } = error as { cause?: { code?: unknown } };
    return cause?.code ?? 'refused';
  } finally {
    await postgres.close();
  }
}

beforeAll(async () => {
  dataDir = await realpath(await mkdtemp(join(tmpdir(), 'encryption-test-')));
  await chmod(dataDir, 0o711);
  await writeFile(file('other.pem'), selfSigned('127.0.0.1').certificate);
  server = await startLocalPostgres({ dataDir, durable: false });
}, 60_000);

afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function restart(): Promise<void> {
  await server.stop();
  server = await startLocalPostgres({ dataDir, durable: false });
}

const setting = (mode: SslMode | undefined, ca?: string): DatabaseTls => ({
  mode,
  caFile: ca === undefined ? undefined : file(ca),
});

describe('a server without encryption', () => {
  it('is reached in plain text on this machine, and never where encryption is asked for', async () => {
    await writeFile(file('ca.pem'), selfSigned('127.0.0.1').certificate);
    expect(await encrypted(setting(undefined))).toBe(false);
    expect(await encrypted(setting('disable'))).toBe(false);
    for (const mode of ['require', 'verify-ca', 'verify-full'] as const) {
      expect(await encrypted(setting(mode, 'ca.pem'))).toBe('refused');
    }
    expect(await encrypted(setting('require'))).toBe('refused');
  }, 30_000);
});

describe('a server with a certificate', () => {
  it('of its name is reached encrypted when its authority is known, and else refused', async () => {
    await certify('127.0.0.1');
    await appendFile(join(dataDir, 'postgres', 'postgresql.conf'), '\nssl = on\n');
    await restart();
    expect(await encrypted(setting('verify-full', 'ca.pem'))).toBe(true);
    expect(await encrypted(setting('verify-full', 'other.pem'))).toMatch(/SELF_SIGNED|SIGNATURE/);
    expect(await encrypted(setting('verify-full'))).toMatch(/SELF_SIGNED/);
    expect(await encrypted(setting('require'))).toBe(true);
    expect(await encrypted(setting('require', 'other.pem'))).toMatch(/SELF_SIGNED|SIGNATURE/);
    expect(await encrypted(setting('disable'))).toBe(false);
  }, 30_000);

  it('of another name is refused, unless only its authority is asked about', async () => {
    await certify('db.example');
    await restart();
    expect(await encrypted(setting('verify-full', 'ca.pem'))).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await encrypted(setting('verify-ca', 'ca.pem'))).toBe(true);
  }, 30_000);
});
