// A small object store for one machine: S3's API over a folder, with signatures that are really checked, so that uploads and links work
// as they do on AWS. It listens on this machine only. Sites may use it from a browser: the signature is the guard, there are no cookies.
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Clock, systemClock } from '../../foundation/clock.ts';
import { type ObjectFolder, openObjectFolder } from './object-folder.ts';
import { S3Problem } from './s3-problem.ts';
import { decoded, perform, type S3Answer } from './s3-requests.ts';
import { type AccessKey, requireSignature } from './s3-signature.ts';
import { problemXml } from './s3-xml.ts';

/** The bucket that every server has. */
export const localBucket = 'domainflow';

/** How a server is started. */
export interface LocalObjectsOptions {
  /** Kept from start to start, for one server at a time; absent uses a temporary folder, which is gone after `stop`. */
  readonly path?: string | undefined;
  /** Decides when signatures run out [the machine's own]. */
  readonly clock?: Clock;
}

/** A running server. */
export interface LocalObjects extends AccessKey {
  /** `http://127.0.0.1:<port>`; any region will do. */
  readonly endpoint: string;
  readonly bucket: string;
  /** Stops listening, drops open connections and resolves when no file is open any more. */
  stop(): Promise<void>;
}

const cors = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'etag',
};
const preflight = {
  'access-control-allow-methods': 'GET, HEAD, PUT',
  'access-control-allow-headers': 'content-type, range',
  'access-control-max-age': '600',
};

/** Starts a server on a free port of 127.0.0.1, with a new access key that is the only one it takes. */
export async function startLocalObjects(options: LocalObjectsOptions = {}): Promise<LocalObjects> {
  const { path, clock = systemClock } = options;
  const folder = path ?? (await mkdtemp(join(tmpdir(), 'domainflow-objects-')));
  const objects = await openObjectFolder(folder);
  await objects.makeBucket(localBucket);
  const key = { accessKeyId: randomUUID(), secretAccessKey: randomBytes(32).toString('base64url') };
  const running = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const served = serve(objects, { request, response, key, nowMs: clock() });
    running.add(served);
    served.finally(() => running.delete(served));
  });
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', resolve);
  await listening;
  return {
    ...key,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucket: localBucket,
    async stop() {
      const { promise: closed, resolve: onClosed } = Promise.withResolvers<void>();
      server.close(() => onClosed());
      server.closeAllConnections();
      await closed;
      await Promise.all(running);
      if (path === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Served {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly key: AccessKey;
  readonly nowMs: number;
}

/** Answers one request. Never rejects: a caller who has gone is told nothing. */
async function serve(folder: ObjectFolder, served: Served): Promise<void> {
  const { request, response } = served;
  try {
    const answer = await answerTo(folder, served).catch(refusal);
    request.resume(); // what was not read would keep the caller from reading the answer
    response.writeHead(answer.status, { ...cors, 'x-amz-request-id': randomUUID(), ...answer.headers });
    if (answer.object && !response.destroyed) {
      const { open, start, end } = answer.object;
      await pipeline(open.stream(start, end), response);
    } else {
      await answer.object?.open.close();
      response.end(answer.body);
    }
  } catch {
    response.destroy();
  }
}

async function answerTo(folder: ObjectFolder, { request, key, nowMs }: Served): Promise<S3Answer> {
  const { method = 'GET', url = '/', headers } = request;
  if (method === 'OPTIONS') return { status: 204, headers: preflight };
  // Not parsed as a URL, which would resolve `..` before anybody has seen it.
  const end = url.indexOf('?');
  const path = end < 0 ? url : url.slice(0, end);
  const query = new URLSearchParams(end < 0 ? '' : url.slice(end + 1));
  await requireSignature({ method, path, query, headers }, key, nowMs);
  const [, bucket = '', ...names] = path.split('/').map(decoded);
  return perform(folder, { method, bucket, key: names.join('/'), query, message: request });
}

function refusal(error: unknown): S3Answer {
  const problem =
    error instanceof S3Problem
      ? error
      : new S3Problem(500, 'InternalError', 'We encountered an internal error.');
  return {
    status: problem.status,
    headers: { 'content-type': 'application/xml' },
    body: problemXml(problem),
  };
}
