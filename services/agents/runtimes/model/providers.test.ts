// Providers of every kind: where they are asked, and with which identity. What they answer is tested with servers that speak their formats.
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ProviderSettings } from '../../core/model/model-settings.ts';
import { createOpenModel } from './providers.ts';

let server: Server;
let url: string;
let asked: { readonly path: string; readonly headers: IncomingMessage['headers'] }[];
const before = { ...process.env };

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', headers: request.headers });
    request.resume();
    response.writeHead(418, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'for-tests', AWS_SECRET_ACCESS_KEY: 'for-tests' });
});
beforeEach(() => {
  asked = [];
});
afterAll(() => {
  process.env = before;
  server.closeAllConnections();
  server.close();
});

function open(provider: Partial<ProviderSettings>, name = 'model-1') {
  const own: ProviderSettings = {
    ...{ name: 'one', kind: 'anthropic', baseUrl: url, structuredOutput: 'text', images: true },
    ...{ apiKey: { kind: 'text', text: 'key-1' }, region: 'eu-central-1' },
    ...provider,
  };
  return createOpenModel(fetch)(own, name);
}

async function ask(provider: Partial<ProviderSettings>): Promise<void> {
  const model = await open(provider);
  const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello' }] }];
  await expect(model.doStream({ prompt })).rejects.toThrow();
}

describe('a model', () => {
  it.each([
    ['openai-compatible', '/chat/completions', { authorization: 'Bearer key-1' }],
    ['anthropic', '/messages', { 'x-api-key': 'key-1' }],
    ['google', '/models/model-1:streamGenerateContent?alt=sse', { 'x-goog-api-key': 'key-1' }],
    ['amazon-bedrock', '/model/model-1/converse-stream', { authorization: 'Bearer key-1' }],
  ] as const)('of %s is asked at its path with its key', async (kind, path, headers) => {
    await ask({ kind });
    expect(asked).toEqual([{ path, headers: expect.objectContaining(headers) }]);
  });

  it.each([
    ...['../files?key=', 'models/../../upload/files', 'gemini?alt=json#', 'models/./x/..', '/gemini', 'a//b'],
    ...['models/%2e%2e/x', 'a\\..\\b', 'a b', 'a\nb', 'https://elsewhere.example/x'],
  ])('whose name leads elsewhere on the host of google is not there: %j', async (name) => {
    await expect(open({ kind: 'google' }, name)).rejects.toMatchObject({
      failure: { code: 'model_unavailable', message: expect.stringContaining('setting model') },
    });
  });

  it.each([
    'gemini-2.5-flash',
    'models/gemini-2.5-pro',
    'tunedModels/mine-1',
    'publishers/google/models/x.1',
  ])('of google may be %s', async (name) => {
    expect((await open({ kind: 'google' }, name)).modelId).toBe(name);
  });

  it('of amazon-bedrock without a key is asked with the identity of the process', async () => {
    const { apiKey: _, ...keyless } = { apiKey: undefined, kind: 'amazon-bedrock' as const };
    await ask({ ...keyless, apiKey: undefined } as Partial<ProviderSettings>);
    expect(asked[0]?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=for-tests\/\d+\/eu-central-1\/bedrock\//,
    );
  });

  it('is asked with the key that its file holds now', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'model-key-'));
    const path = join(folder, 'key');
    const apiKey = { kind: 'file', path, setting: 'MODEL_API_KEY_FILE' } as const;
    for (const key of ['first', 'second']) {
      await writeFile(path, `${key}\n`);
      await ask({ apiKey });
    }
    expect(asked.map(({ headers }) => headers['x-api-key'])).toEqual(['first', 'second']);
    await rm(folder, { recursive: true });
  });
});
