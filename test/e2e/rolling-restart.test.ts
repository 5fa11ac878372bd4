// Every service of a mesh is ended in order and started again while people work: each request is answered, or refused with a time to come back, and none
// is cut off; asked again under its key, it is carried out once. What was accepted ends well.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, createClient } from '../../clients/api/api-client.ts';
import { pollUntil, sampleDomain } from '../../local/demo/demo-run.ts';
import { startOrder } from '../../local/mesh/service-names.ts';
import { type Mesh, startMesh } from '../../local/mesh.ts';
import { mintToken } from '../../local/terminal/mint-token.ts';
import { reportOnceEnded, withoutRates } from './test-mesh.ts';

const lanes = 4;
const acceptedPerPhase = 6;
const never = new AbortController().signal;

let folder: string;
let mesh: Mesh;
let api: ApiClient;
let token: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'domainflow-rolling-'));
  const issuerKeyPath = join(folder, 'issuer.json');
  mesh = await startMesh({
    ...{ port: 0, dataDir: undefined, mode: 'processes', durable: false, issuerKeyPath },
    ...{ logDir: join(folder, 'logs'), gatewaySettings: { ...withoutRates, CLOSE_GRACE_MS: '2000' } },
  });
  token = await mintToken({ tenant: 'acme', user: 'alice', roles: ['admin'], keyPath: issuerKeyPath });
  api = createClient({ baseUrl: mesh.gatewayUrl, credential: token });
}, 60_000);
afterAll(async () => {
  await mesh?.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

/** What a client knows of a request. */
type Told =
  | {
      readonly type: 'answered';
      readonly status: number;
      readonly body: { readonly [name: string]: unknown };
    }
  /** 503, or 409 while the first request of the key is under way, with a time to come back. */
  | { readonly type: 'refused' }
  /** Nobody listened, so that nothing was sent. */
  | { readonly type: 'unsent' }
  /** It was sent, and no answer came. */
  | { readonly type: 'unknown'; readonly error: unknown };

/** Reads, or posts under a key by which a repetition is known. */
async function ask(path: string, post?: { readonly key: string; readonly body: object }): Promise<Told> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const posted = post && {
    ...{ method: 'POST', body: JSON.stringify(post.body) },
    headers: { ...headers, 'idempotency-key': post.key },
  };
  try {
    const answer = await fetch(`${mesh.gatewayUrl}${path}`, { headers, ...posted });
    const comesBack = answer.status === 503 || answer.status === 409;
    if (comesBack && answer.headers.has('retry-after')) return { type: 'refused' };
    return { type: 'answered', status: answer.status, body: Object(await answer.json()) };
  } catch (error) {
    const { code } = Object((error as Error).cause);
    return code === 'ECONNREFUSED' ? { type: 'unsent' } : { type: 'unknown', error };
  }
}

interface Load {
  readonly accepted: string[];
  readonly reads: number;
  /** Whatever a client could not act on. */
  readonly wrong: unknown[];
  stop(): Promise<void>;
}

/** People who submit reports and people who read, until they are stopped. */
function work(): Load {
  const load = { accepted: [] as string[], reads: 0, wrong: [] as unknown[] };
  let stopped = false;
  // Where the answer says to come back, what was asked may have begun: the same key again answers what that came to.
  const submit = async (): Promise<void> => {
    const post = { key: randomUUID(), body: { domain_id: sampleDomain, text: 'A street light is out' } };
    for (let done = false; !done; ) {
      const told = await ask('/api/v1/reports', post);
      done = told.type === 'answered' || told.type === 'unknown';
      if (told.type === 'answered' && told.status === 202) load.accepted.push(String(told.body.incident_id));
      else if (done) load.wrong.push(told);
    }
  };
  const read = async (): Promise<void> => {
    const told = await ask('/api/v1/agents?limit=1');
    if (told.type === 'answered' && told.status === 200) load.reads += 1;
    else if (told.type === 'answered' || told.type === 'unknown') load.wrong.push(told);
  };
  const lane = async (once: () => Promise<void>): Promise<void> => {
    while (!stopped) {
      await once();
      await new Promise(setImmediate);
    }
  };
  const running = Promise.all(Array.from({ length: lanes }, (_, at) => lane(at % 2 === 0 ? submit : read)));
  const stop = async (): Promise<void> => {
    stopped = true;
    await running;
  };
  return Object.assign(load, { stop });
}

/** Resolves when more was accepted, or something was wrong. */
async function untilMore(load: Load): Promise<void> {
  const enough = load.accepted.length + acceptedPerPhase;
  const read = async () => load.accepted.length >= enough || load.wrong.length > 0;
  await pollUntil(read, (isOver) => isOver, never);
}

async function allReports(): Promise<readonly string[]> {
  const found: string[] = [];
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const { reports, pagination } = await api.get('/api/v1/reports', {
      query: { domain_id: sampleDomain, page, limit: 100 },
    });
    found.push(...reports.map(({ incident_id }) => incident_id));
    pages = Math.ceil((pagination.total ?? 0) / 100);
  }
  return found;
}

describe('a mesh whose services are restarted one after the other', () => {
  it('leaves no client in doubt, and loses and doubles nothing', async () => {
    const load = work();
    await untilMore(load);
    for (const name of startOrder.flat()) {
      await mesh.restart(name);
      await untilMore(load);
    }
    await load.stop();
    expect(load.wrong).toEqual([]);
    expect(load.reads).toBeGreaterThan(0);
    const ended = await Promise.all(load.accepted.map((id) => reportOnceEnded(api, id)));
    expect(ended.map(({ status }) => status)).toEqual(load.accepted.map(() => 'completed'));
    // A slow write leaves the index to the sweep, which follows within a second or two.
    // What comes while pages are read moves reports to the next one, so the list is read again once nothing is missing.
    await pollUntil(allReports, (listed) => new Set(listed).size >= load.accepted.length, never);
    expect((await allReports()).toSorted()).toEqual(load.accepted.toSorted());
  }, 120_000);
});
