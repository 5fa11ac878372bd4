// Secrets from files, and from a server that speaks the protocol of AWS Secrets Manager (JSON 1.1 over HTTP).
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readSecret } from './read-secret.ts';
import { SecretError } from './secret-source.ts';

const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db/app-AbCdEf';
const managed = { kind: 'secrets_manager', arn, setting: 'DB_SECRET_ARN' } as const;
const jsonType = { 'content-type': 'application/x-amz-json-1.1' };
const before = { ...process.env };
let folder: string;
let server: Server;
let requests: { headers: IncomingMessage['headers']; body: unknown }[];
let answer: { readonly status: number; readonly body: object };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-secret-'));
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    requests.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
    response.writeHead(answer.status, jsonType).end(JSON.stringify(answer.body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'for-tests',
    AWS_SECRET_ACCESS_KEY: 'for-tests',
  });
});

beforeEach(() => {
  requests = [];
});

afterAll(async () => {
  process.env = before;
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a secret in a setting', () => {
  it('is the text itself', async () => {
    expect(await readSecret({ kind: 'text', text: ' as it is\n' })).toBe(' as it is\n');
  });
});

describe('a secret in a file', () => {
  it.each([
    ['one\n', 'one'],
    ['one\r\n', 'one'],
    [' two \n\n', ' two \n'],
    ['three', 'three'],
  ])('%j is %j', async (text, expected) => {
    const path = join(folder, 'secret');
    await writeFile(path, text);
    expect(await readSecret({ kind: 'file', path, setting: 'DB_PASSWORD_FILE' })).toBe(expected);
  });

  it('that is not there is told by its setting and its path', async () => {
    const path = join(folder, 'none');
    const error = await readSecret({ kind: 'file', path, setting: 'DB_PASSWORD_FILE' }).catch((it) => it);
    expect(error).toBeInstanceOf(SecretError);
    expect(error).toMatchObject({
      message: `DB_PASSWORD_FILE: the file ${path} cannot be read`,
      cause: { code: 'ENOENT' },
    });
  });
});

describe('a secret of AWS Secrets Manager', () => {
  it('is asked for by its ARN, in the region of the ARN, signed', async () => {
    answer = { status: 200, body: { ARN: arn, Name: 'db/app', SecretString: '{"username":"u"}' } };
    expect(await readSecret(managed)).toBe('{"username":"u"}');
    expect(requests).toHaveLength(1);
    const [{ headers, body } = { headers: {}, body: undefined }] = requests;
    expect(body).toEqual({ SecretId: arn });
    expect(headers['x-amz-target']).toBe('secretsmanager.GetSecretValue');
    expect(headers['content-type']).toBe('application/x-amz-json-1.1');
    expect(headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=for-tests\/\d+\/eu-west-1\/secretsmanager\//,
    );
  });

  it('is read anew each time, so that a rotated one is seen', async () => {
    answer = { status: 200, body: { SecretString: 'one' } };
    expect(await readSecret(managed)).toBe('one');
    answer = { status: 200, body: { SecretString: 'two' } };
    expect(await readSecret(managed)).toBe('two');
  });

  it('may be binary', async () => {
    answer = { status: 200, body: { SecretBinary: Buffer.from('{"a":1}').toString('base64') } };
    expect(await readSecret(managed)).toBe('{"a":1}');
  });

  it.each([
    [400, 'ResourceNotFoundException'],
    [400, 'AccessDeniedException'],
    [400, 'DecryptionFailure'],
  ])('that is refused (%i %s) is told by its setting, with the reason as cause', async (status, type) => {
    answer = { status, body: { __type: type, Message: 'no' } };
    const error = await readSecret(managed).catch((it) => it);
    expect(error).toBeInstanceOf(SecretError);
    expect(error.message).toBe('DB_SECRET_ARN: the secret cannot be read from AWS Secrets Manager');
    expect(error.cause.name).toBe(type);
  });
});
