// Every REST operation, called by everybody who may not: without a valid credential, by a key without the permission, for another tenant, by a
// colleague, with too low a role. The operations come from the served description, so that a new one is here without a line.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import { newId } from '../../foundation/ids/ids.ts';
import { openDevIssuerKey } from '../../gateway/auth/dev-issuer-key.ts';
import { mintDevToken } from '../../gateway/auth/dev-token.ts';
import { openEventStream } from '../../gateway/http/event-client.for-test.ts';
import { type ApiDocument, type DescribedOperation, operationsOf } from '../described/operations.for-test.ts';
import { unlimited } from '../described/unlimited.for-test.ts';
import { finishReport, startTestMesh, type TestMesh } from '../e2e/test-mesh.ts';
import { namedParts, type RawAnswer, requestTo, sendRaw } from './rest-request.for-test.ts';
import { canary, type Names, type Person, people, type Seed, seedTenant } from './seed.for-test.ts';
import { ofTenant, readStores, type StoredTenant } from './stored-tenant.for-test.ts';
import { comparable, leaksIn, unknownNames } from './told.for-test.ts';
import { tellOfBreaker } from './told-breaker.for-test.ts';

jest.setTimeout(120_000);

/** What makes something the first time alone. */
const registering = ['registerWorker'];
/** What an editor may do to what an editor has made, and to nothing else. */
const ofMakers = ['agents:update', 'agents:delete', 'domains:update', 'domains:delete', 'reports:delete'];
/** Path parts and members of what belongs to one user, with the runs of his questions. */
const ownNouns = ['session_id', 'query_id', 'job_id'];
/** What a run waits for is shown to those who may decide it. */
const isApproval = ({ path }: DescribedOperation) => /\/approv|\/tasks\//.test(path);

let mesh: TestMesh;
let seed: Seed;
let before: StoredTenant;
let operations: readonly DescribedOperation[];
let calls = 0;
let stopTelling: (() => Promise<void>) | undefined;

beforeAll(async () => {
  mesh = await startTestMesh({}, unlimited);
  seed = await seedTenant(mesh);
  stopTelling = tellOfBreaker(mesh, seed);
  const answer = await fetch(`${mesh.gatewayUrl}/api/v1/openapi.json`);
  operations = operationsOf((await answer.json()) as ApiDocument).filter(({ role }) => role !== undefined);
  [before] = ofTenant(await readStores(mesh), seed.tenantId);
});

afterAll(async () => {
  process.stdout.write(`Isolation: ${operations?.length} operations, ${calls} calls\n`);
  await stopTelling?.();
  await mesh?.close();
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const tokenOf = (person: Person) => mesh.token(seed.tenant, person, [people[person]]);

// A decision is for the run that waits for one.
const namesFor = (operation: DescribedOperation) => (isApproval(operation) ? seed.ownNames : seed.names);

function ask(
  operation: DescribedOperation,
  names: Names,
  headers: Readonly<Record<string, string>>,
): Promise<RawAnswer> {
  calls += 1;
  return sendRaw(mesh.gatewayUrl, requestTo(operation, names), headers);
}

/** What of each operation is not as `faultIn` wants it. */
async function faultsOf(
  faultIn: (operation: DescribedOperation) => Promise<string | undefined>,
  asked = operations,
): Promise<readonly string[]> {
  expect(asked.length).toBeGreaterThan(0);
  const faults: string[] = [];
  for (const operation of asked) {
    const fault = await faultIn(operation);
    if (fault !== undefined) faults.push(`${operation.method} ${operation.path}: ${fault}`);
  }
  return faults;
}

/** What an answer says, without what names the request itself. */
function told({ status, headers, body }: RawAnswer, sent: Names): string {
  const isProblem = body.startsWith('{"type":"urn:');
  const { trace_id, request_id, timestamp, instance, ...rest } = isProblem ? JSON.parse(body) : {};
  // How far a stream has come when it is left is chance.
  const isStream = headers.get('content-type')?.startsWith('text/event-stream');
  const text = isProblem ? JSON.stringify(rest) : isStream ? '' : body;
  return comparable(`${status} ${text}`, sent);
}

/** What its sender calls a request. */
const named = ({ id, method }: DescribedOperation): Readonly<Record<string, string>> =>
  method === 'POST' ? { 'idempotency-key': id } : {};
const sentIn = (names: Names) => Object.values(names).join();
const shortly = ({ status, body }: RawAnswer) => `${status} ${body.slice(0, 300)}`;

/** Answers `undefined` for a refusal with this status that tells nothing. */
function refusalFault(answer: RawAnswer, wanted: number): string | undefined {
  const leaks = leaksIn(answer.raw, sentIn(seed.ownNames) + sentIn(seed.names), seed.secrets);
  if (leaks.length > 0) return `tells ${leaks}`;
  const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json');
  return answer.status === wanted && isProblem ? undefined : shortly(answer);
}

/** Credentials that nobody may come in with. */
async function wrongCredentials(): Promise<readonly string[]> {
  const who = { tenant: seed.tenant, user: 'alice', roles: ['admin'] };
  const [header = '', claims = '', signature = ''] = (await tokenOf('vera')).split('.');
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const told = JSON.parse(Buffer.from(claims, 'base64url').toString());
  const unsigned = encode({ alg: 'none', typ: 'JWT' });
  const key = await openDevIssuerKey(mesh.issuerKeyPath);
  return [
    ...[
      '',
      'Bearer ',
      'Bearer nonsense',
      'Bearer a.b.c',
      `Basic ${Buffer.from('alice:x').toString('base64')}`,
    ],
    ...[
      `Bearer ${'0'.repeat(64)}`,
      `Bearer ${unsigned}.${claims}.`,
      `Bearer ${unsigned}.${claims}.${signature}`,
    ],
    `Bearer ${header}.${encode({ ...told, roles: ['admin'] })}.${signature}`,
    `Bearer ${await mintDevToken({ ...who, key, lifetimeS: -60 })}`,
    `Bearer ${await mintDevToken({ ...who, key: await generateSigningKey() })}`,
    `Bearer ${await mintDevToken({ ...who, key, tenant: 'system' })}`,
  ];
}

interface Strangers {
  readonly asking: string;
  readonly changing: string;
  readonly creating: string;
}

/** Tokens of a tenant that has nothing, and of others for what changes and creates: that would stand before what is found elsewhere. */
async function newStrangers(): Promise<Strangers> {
  const tokens = ['asking', 'changing', 'creating'].map((what) => mesh.token(`${what}-${newId()}`, 'greta'));
  const [asking = '', changing = '', creating = ''] = await Promise.all(tokens);
  return { asking, changing, creating };
}

function strangerFor({ method, pathParts }: DescribedOperation, strangers: Strangers): string {
  if (method === 'GET') return strangers.asking;
  return pathParts.length > 0 ? strangers.changing : strangers.creating;
}

describe('every operation', () => {
  it('tells its owner what is asked for, so that refusals of others mean something', async () => {
    const alice = bearer(await tokenOf('alice'));
    const reads = operations.filter(({ method }) => method === 'GET');
    const faults = await faultsOf(async (operation) => {
      const answer = await ask(operation, seed.ownNames, alice);
      return answer.status === 200 ? undefined : shortly(answer);
    }, reads);
    expect(faults).toEqual([]);
  });

  it('wants a valid credential', async () => {
    const wrong = await wrongCredentials();
    const faults = await faultsOf(async (operation) => {
      for (const authorization of wrong) {
        const answer = await ask(operation, seed.names, authorization === '' ? {} : { authorization });
        const challenge = answer.headers.get('www-authenticate') ?? '';
        const fault = refusalFault(answer, 401) ?? (/^Bearer\b/.test(challenge) ? undefined : 'no challenge');
        if (fault !== undefined) return `${authorization.slice(0, 20)}: ${fault}`;
      }
      return undefined;
    });
    expect(faults).toEqual([]);
  });

  it('wants the permission of an API key', async () => {
    const asked = operations.filter(({ permission }) => permission !== 'health:read');
    const faults = await faultsOf(
      async (operation) => refusalFault(await ask(operation, seed.names, bearer(seed.weakKey)), 403),
      asked,
    );
    expect(faults).toEqual([]);
  });

  it('knows nothing of what another tenant has, whatever tenant a header names', async () => {
    const strangers = await newStrangers();
    const faults = await faultsOf(async (operation) => {
      const names = namesFor(operation);
      const unknown = unknownNames(names);
      const headers = { ...bearer(strangerFor(operation, strangers)), 'x-tenant-id': seed.tenantId };
      if (registering.includes(operation.id)) await ask(operation, unknown, headers);
      const foreign = await ask(operation, names, headers);
      const leaks = leaksIn(foreign.raw, sentIn(names), seed.secrets);
      if (leaks.length > 0) return `tells ${leaks}`;
      if (namedParts(operation).length > 0 && foreign.status !== 404) return shortly(foreign);
      const other = await ask(operation, unknown, headers);
      const [one, another] = [told(foreign, names), told(other, unknown)];
      return one === another ? undefined : `is no unknown one: ${one} / ${another}`;
    });
    expect(faults).toEqual([]);
  });

  it('takes no place of another tenant in a list', async () => {
    const alice = bearer(await tokenOf('alice'));
    const { asking } = await newStrangers();
    const lists = operations.filter(({ query }) => query.some(({ name }) => name === 'cursor'));
    let tried = 0;
    const faults = await faultsOf(
      async (operation) => {
        const line = requestTo({ ...operation, query: [] }, seed.names);
        const page = (cursor: string, headers: object) => {
          const query = `limit=1${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
          const path = `${line.path}${line.path.includes('?') ? '&' : '?'}${query}`;
          return sendRaw(mesh.gatewayUrl, { ...line, path }, { ...headers });
        };
        const { pagination, next_cursor } = JSON.parse((await page('', alice)).body);
        const cursor: string | null | undefined = pagination?.next_cursor ?? next_cursor;
        if (!cursor) return undefined;
        tried += 1;
        const wanted = operation.pathParts.length > 0 ? 404 : 400;
        return refusalFault(await page(cursor, bearer(asking)), wanted);
      },
      lists.filter(({ query }) => query.every(({ required }) => !required)),
    );
    expect(faults).toEqual([]);
    expect(tried).toBeGreaterThan(3);
  });

  it('about what belongs to one user is refused to a colleague, admins too', async () => {
    const carol = bearer(await tokenOf('carol'));
    const names = (operation: DescribedOperation) =>
      requestTo(operation, marked).path + (requestTo(operation, marked).body ?? '');
    const marked = Object.fromEntries(Object.entries(seed.ownNames).map(([name]) => [name, `<${name}>`]));
    const isOwn = (operation: DescribedOperation) =>
      ownNouns.some((noun) => decodeURIComponent(names(operation)).includes(`<${noun}>`));
    const asked = operations.filter((operation) => isOwn(operation) && !isApproval(operation));
    expect(asked.length).toBeGreaterThan(5);
    const faults = await faultsOf(async (operation) => {
      const answer = await ask(operation, seed.ownNames, carol);
      const isList = operation.method === 'GET' && operation.pathParts.length === 0;
      if (!isList) return refusalFault(answer, 403);
      const leaks = leaksIn(answer.raw, sentIn(seed.ownNames), seed.ownSecrets);
      return answer.status === 200 && leaks.length === 0 ? undefined : `${leaks} ${shortly(answer)}`;
    }, asked);
    expect(faults).toEqual([]);
  });

  it('leaves out of its lists what belongs to a colleague', async () => {
    const [carol, vera] = await Promise.all([tokenOf('carol'), tokenOf('vera')]);
    const lists = operations.filter(({ method, pathParts }) => method === 'GET' && pathParts.length === 0);
    const faults = await faultsOf(async (operation) => {
      const whose = isApproval(operation) ? vera : carol;
      const answer = await sendRaw(
        mesh.gatewayUrl,
        requestTo(operation, { domain_id: seed.names.domain_id ?? '' }),
        bearer(whose),
      );
      // Who did what stands in the audit log, by its ids alone.
      const secrets = operation.permission === 'audit:read' ? seed.ownSecrets.slice(-1) : seed.ownSecrets;
      const leaks = leaksIn(answer.raw, '', secrets);
      return leaks.length === 0 ? undefined : `tells ${leaks}`;
    }, lists);
    expect(faults).toEqual([]);
  });

  it('wants its role', async () => {
    const [vera, edgar] = await Promise.all([tokenOf('vera'), tokenOf('edgar')]);
    const faults = await faultsOf(async (operation) => {
      const { role, permission = '' } = operation;
      const asViewer =
        role === 'viewer' ? undefined : refusalFault(await ask(operation, seed.names, bearer(vera)), 403);
      const isForAdmins =
        role === 'admin' || (ofMakers.includes(permission) && operation.pathParts.length > 0);
      const asEditor = isForAdmins
        ? refusalFault(await ask(operation, seed.names, bearer(edgar)), 403)
        : undefined;
      return asViewer ?? asEditor;
    });
    expect(faults).toEqual([]);
  });

  it('has changed nothing of the tenant, and told nobody else', async () => {
    const [after, others] = ofTenant(await readStores(mesh), seed.tenantId);
    expect(after).toEqual(before);
    expect(others.filter((row) => row.includes(canary))).toEqual([]);
  });

  it('that streams what one has started tells it to nobody else', async () => {
    const url = `${mesh.gatewayUrl}/api/v1/events`;
    const callers = [
      [seed.tenant, 'alice'],
      [seed.tenant, 'carol'],
      ['elsewhere', 'greta'],
    ] as const;
    const streams = await Promise.all(
      callers.map(async ([tenant, user]) => openEventStream(url, { token: await mesh.token(tenant, user) })),
    );
    const places: string[] = [];
    // Each next one starts after the one before has ended, so that its stream would have told of that one first.
    for (const [at, stream] of streams.entries()) {
      const [tenant = '', user = ''] = callers[at] ?? [];
      const { jobId } = await finishReport(await mesh.as(tenant, user), `Report ${at} of ${user}`);
      const jobs = new Set<string>();
      places.push((await stream.next())?.id ?? '');
      for (let frame = await stream.next(); frame; frame = await stream.next()) {
        if (frame.data) jobs.add(frame.data.job_id);
        if (frame.data?.status === 'complete') break;
      }
      expect([...jobs]).toEqual([jobId]);
    }
    for (const stream of streams) stream.close();
    const token = await mesh.token('elsewhere', 'greta');
    const headers = { 'last-event-id': places[0] ?? '' };
    expect((await openEventStream(url, { token, headers })).answer.statusCode).toBe(400);
  });

  it('that changes something does so for the tenant itself, so that refusals of others meant something', async () => {
    const alice = bearer(await tokenOf('alice'));
    // What was revoked is granted again before it is asked about and deleted.
    const rank = ({ method, path, pathParts }: DescribedOperation) =>
      path.endsWith('/revoke') ? -1 : ({ PUT: 0, POST: 1 }[method] ?? 10 - pathParts.length);
    const writes = operations
      .filter(({ method }) => method !== 'GET')
      .toSorted((one, other) => rank(one) - rank(other));
    const faults = await faultsOf(async (operation) => {
      const answer = await ask(operation, namesFor(operation), { ...alice, ...named(operation) });
      const isTaken = answer.status === 409 || /is the name of another/.test(answer.body);
      return answer.status < 300 || isTaken ? undefined : shortly(answer);
    }, writes);
    expect(faults).toEqual([]);
  });

  it('that was done under a name is not answered again to others who use that name', async () => {
    const [alice, carol] = await Promise.all([tokenOf('alice'), tokenOf('carol')]);
    const { creating } = await newStrangers();
    let repeated = 0;
    const faults = await faultsOf(
      async (operation) => {
        const replays: (string | null)[] = [];
        for (const token of [alice, carol, creating]) {
          const { headers } = await ask(operation, namesFor(operation), {
            ...bearer(token),
            ...named(operation),
          });
          replays.push(headers.get('idempotency-replayed'));
        }
        const [again, ...others] = replays;
        if (again === 'true') repeated += 1;
        return others.every((replay) => replay !== 'true') ? undefined : `answered again: ${replays}`;
      },
      operations.filter(({ method }) => method === 'POST'),
    );
    expect(faults).toEqual([]);
    expect(repeated).toBeGreaterThan(3);
  });
});
