// The preparation of the bucket in a store that lacks what AWS's has, with the answers that MinIO gives.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { prepareBucket } from './object-bucket.ts';
import { createObjectClient } from './object-client.ts';

type Problem = readonly [status: number, code: string] | undefined;

let server: Server;
let client: S3Client;
let taken: string[];
let answer: (what: string, body: string) => Problem;

beforeEach(async () => {
  taken = [];
  server = createServer(async (request, response) => {
    const body = await text(request);
    const [what = ''] = new URL(request.url ?? '', 'http://store').searchParams.keys();
    const problem = answer(what, body);
    if (problem === undefined)
      taken.push(`${what} ${[...body.matchAll(/<ID>([^<]+)/g)].map(([, id]) => id)}`.trim());
    response.statusCode = problem?.[0] ?? 200;
    response.end(problem && `<Error><Code>${problem[1]}</Code><Message>no</Message></Error>`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = createObjectClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'one', secretAccessKey: 'two' },
    requestTimeoutMs: 5_000,
  });
});

afterEach(async () => {
  client.destroy();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

describe('a store without some settings of buckets', () => {
  it('gets all others, and what it lacks is told', async () => {
    answer = (what, body) => {
      if (what === 'publicAccessBlock' || what === 'cors') return [501, 'NotImplemented'];
      return what === 'lifecycle' && body.includes('unfinished-uploads')
        ? [400, 'InvalidRequest']
        : undefined;
    };
    const done = await prepareBucket(client, 'images', { corsOrigins: ['https://app.example'] });
    expect(done.leftOut).toEqual(['public access block', 'expiry of unfinished uploads', 'rules for sites']);
    expect(taken).toEqual([
      '',
      'encryption',
      'versioning',
      'lifecycle uploads-that-no-report-took,marks-of-removed-uploads',
    ]);
  });

  it.each([
    ['encryption', 'NotImplemented'],
    ['versioning', 'NotImplemented'],
    ['publicAccessBlock', 'AccessDenied'],
    ['lifecycle', 'AccessDenied'],
    ['lifecycle', 'InvalidRequest'],
  ])('is refused where %s is answered by %s', async (wanted, code) => {
    answer = (what) => (what === wanted ? [400, code] : undefined);
    await expect(prepareBucket(client, 'images')).rejects.toMatchObject({ name: code });
  });
});
