// Where the command goes and as whom: what comes first, and that a credential reaches nobody but whom it is for.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiError, ConnectionError } from '../api/api-error.ts';
import { checkedUrl, defaultUrl, targetOf } from './cli.ts';
import { readCliConfig } from './config.ts';
import { endingOf } from './failure-text.ts';
import { readDocument } from './input.ts';
import { loginFile, readLogin, removeLogin, writeLogin } from './kept-login.ts';
import { UsageError } from './usage-error.ts';

let home = '';

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'domainflow-cli-'));
});

afterEach(() => rm(home, { recursive: true, force: true }));

const config = (more: NodeJS.ProcessEnv = {}) => readCliConfig({ XDG_CONFIG_HOME: home, ...more }, 'linux');
const kept = { url: 'https://flow.example.org', token: 'kept' };

describe('what login keeps', () => {
  it('is for its owner alone, and comes back', async () => {
    const { folder } = config();
    await writeLogin(folder, { url: 'http://a', token: 'first' });
    await writeLogin(folder, kept);
    expect(await readLogin(folder)).toEqual(kept);
    expect((await stat(loginFile(folder))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect([await removeLogin(folder), await removeLogin(folder), await readLogin(folder)]).toEqual([
      true,
      false,
      undefined,
    ]);
  });

  it('that is damaged is told, with what to do', async () => {
    const { folder } = config();
    await writeLogin(folder, kept);
    await writeFile(loginFile(folder), '{"url": 1}');
    await expect(readLogin(folder)).rejects.toThrow('delete it and log in again');
    expect(await readFile(loginFile(folder), 'utf8')).toBe('{"url": 1}');
  });
});

describe('the target', () => {
  it('is that of the arguments, then the environment, then the login, then the local mesh', async () => {
    const env = { DOMAINFLOW_URL: 'http://env', DOMAINFLOW_TOKEN: 'env' };
    expect(await targetOf(config(), {})).toEqual({ baseUrl: defaultUrl, token: undefined });
    await writeLogin(config().folder, kept);
    expect(await targetOf(config(), {})).toEqual({ baseUrl: kept.url, token: 'kept' });
    expect(await targetOf(config(env), {})).toEqual({ baseUrl: 'http://env', token: 'env' });
    const options = { url: 'http://arg/', token: 'arg' };
    expect(await targetOf(config(env), options)).toEqual({ baseUrl: 'http://arg', token: 'arg' });
  });

  it('never gets the credential of another address', async () => {
    await writeLogin(config().folder, kept);
    expect(await targetOf(config({ DOMAINFLOW_URL: 'http://other' }), {})).toMatchObject({
      token: undefined,
    });
    expect(await targetOf(config(), { url: `${kept.url}.evil.example` })).toMatchObject({ token: undefined });
    expect(await targetOf(config(), { url: `${kept.url}/` })).toMatchObject({ token: 'kept' });
  });

  it.each(['flow.example.org', 'ftp://flow.example.org', 'http://user:secret@flow.example.org'])(
    'is no address: %s',
    (url) => expect(() => checkedUrl(url)).toThrow(UsageError),
  );

  it('may be given with the base of the API', () => {
    for (const base of ['/api/v1/', '/api/v2', '']) {
      expect(checkedUrl(`https://flow.example.org/part${base}`)).toBe('https://flow.example.org/part');
    }
  });
});

describe('a failure', () => {
  const body = { title: 'Invalid request', error_code: 'ERR_400', trace_id: 'a'.repeat(32) };
  const refusal = (status: number, more: object, headers?: Headers) =>
    endingOf(new ApiError({ status, body: { ...body, details: [], ...more }, ...(headers && { headers }) }));

  it('names every violation, once, and the trace', () => {
    const details = [
      { field: 'a', reason: 'is required' },
      { field: 'b', reason: 'must not be empty' },
    ];
    const one = { detail: 'a: is required', details: details.slice(0, 1) };
    const trace = `trace ${'a'.repeat(32)}`;
    expect(refusal(400, one)).toEqual({ exitCode: 1, lines: ['a: is required (400)', trace] });
    expect(refusal(400, { detail: 'a: is required (and 1 more)', details }).lines).toEqual([
      'Invalid request (400)',
      '  a: is required',
      '  b: must not be empty',
      trace,
    ]);
  });

  it('says what to do next', () => {
    const later = new Headers({ 'retry-after': '12' });
    expect(refusal(401, { detail: 'No' }).lines[1]).toContain('domainflow login');
    expect(refusal(429, { detail: 'No' }, later).lines[1]).toBe('Try again in 12 s.');
    expect(endingOf(new ConnectionError('http://x cannot be reached')).lines[1]).toContain('DOMAINFLOW_URL');
  });

  it('of use has a status of its own', () => {
    expect(endingOf(new UsageError('wrong'))).toEqual({ exitCode: 2, lines: ['wrong'] });
  });
});

describe('a document', () => {
  const surroundings = (text: string) => ({ stdin: [Buffer.from(text)] }) as never;

  it('comes from a file or from standard input', async () => {
    const file = join(home, 'agent.json');
    await writeFile(file, '{"a": 1}');
    expect(await readDocument(file, surroundings(''))).toEqual({ a: 1 });
    expect(await readDocument('-', surroundings('{"b": "ö"}'))).toEqual({ b: 'ö' });
  });

  it.each(['[1]', '"text"', 'nothing', ''])('that is none is refused: %j', async (text) => {
    await expect(readDocument('-', surroundings(text))).rejects.toThrow(UsageError);
  });

  it('that is not there is told by its name', async () => {
    await expect(readDocument(join(home, 'none.json'), surroundings(''))).rejects.toThrow(
      /none.json cannot be read \(ENOENT\)/,
    );
  });
});
