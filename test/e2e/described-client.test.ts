// Clients of tests notice an answer that is not as described, be it a success, a refusal, or lines.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ScriptedServer, startServer } from '../../clients/api/scripted-server.for-test.ts';
import { type DescribedClients, readDescribedClients } from './described-client.ts';

const json = (type: string, schema: object) => ({ description: '', content: { [type]: { schema } } });
const ofIds = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } };
const description = {
  openapi: '3.1.0',
  components: { responses: {}, schemas: {} },
  paths: {
    '/api/v1/me': {
      get: { operationId: 'getMe', responses: { 200: json('application/json', ofIds) } },
    },
    '/api/v1/reports/export': {
      get: {
        operationId: 'exportReports',
        responses: { 200: json('application/x-ndjson', { type: 'string', 'x-item-schema': ofIds }) },
      },
    },
  },
};

let server: ScriptedServer;
let clients: DescribedClients;
/** What is answered next: status, media type, body. */
let next: readonly [number, string, string];

beforeAll(async () => {
  server = await startServer((request, response) => {
    const isDescription = request.url === '/api/v1/openapi.json';
    const [status, type, body] = isDescription
      ? [200, 'application/json', JSON.stringify(description)]
      : next;
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  clients = await readDescribedClients(server.url);
});
afterAll(() => server?.close());

const caller = () => ({ gatewayUrl: server.url, token: 'token' });

it('answers what is as described', async () => {
  next = [200, 'application/json', '{"id": "u1"}'];
  expect(await clients.typed(caller()).get('/api/v1/me')).toEqual({ id: 'u1' });
  expect(await clients.raw(caller())('GET', '/me')).toMatchObject({ status: 200, body: { id: 'u1' } });
});

it.each<readonly [string, typeof next]>([
  ['lacks a member', [200, 'application/json', '{}']],
  ['has another type', [200, 'text/plain', 'u1']],
  ['has another status', [404, 'application/problem+json', '{}']],
  ['has no body', [200, 'application/json', '']],
])('throws for an answer that %s', async (_how, answer) => {
  next = answer;
  await expect(clients.typed(caller()).get('/api/v1/me')).rejects.toThrow('is not as described');
  await expect(clients.raw(caller())('GET', '/me')).rejects.toThrow('is not as described');
});

it('throws for a line that is not as described', async () => {
  next = [200, 'application/x-ndjson', '{"id": "inc_1"}\n{}\n'];
  const whole = Array.fromAsync(await clients.typed(caller()).exportReports({ format: 'ndjson' }));
  await expect(whole).rejects.toMatchObject({
    cause: { message: expect.stringContaining('is not as described') },
  });
});
