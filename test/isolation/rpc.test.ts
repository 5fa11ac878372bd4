// Every RPC, called past the gateway by everybody who may not: without a valid token, for another tenant, as a run, as a service. The methods
// come from the generated descriptors, so that a new one is here without a line.
import type { DescMethod } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as Level } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '../../foundation/clock.ts';
import {
  createAgentTokenMint,
  createRequestTokenMint,
  createRunTokenMint,
  createServiceTokenMint,
  type MeshIssuer,
  meshIssuers,
} from '../../foundation/identity/mesh-issuers.ts';
import type { Principal, RunScope } from '../../foundation/identity/principal.ts';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import { newId } from '../../foundation/ids/ids.ts';
import { unlimited } from '../described/unlimited.for-test.ts';
import { startTestMesh, type TestMesh } from '../e2e/test-mesh.ts';
import { createRpcClient, everyMethod, nameOf, type RpcAnswer, type RpcClient } from './rpc-call.for-test.ts';
import { namesAny, requestOf } from './rpc-request.for-test.ts';
import { canary, type Names, type Seed, seedTenant } from './seed.for-test.ts';
import { ofTenant, readStores, type StoredTenant } from './stored-tenant.for-test.ts';
import { comparable, leaksIn, unknownNames } from './told.for-test.ts';
import { tellOfBreaker } from './told-breaker.for-test.ts';

jest.setTimeout(120_000);

/** What services ask of each other for themselves, and who of them may; nobody else may at all. */
const ofServices: Readonly<Record<string, readonly MeshIssuer[]>> = {
  'common.v1.BreakerService.ExchangeBreakers': meshIssuers,
  'registry.v1.ChangeService.WatchChanges': meshIssuers,
  'registry.v1.ApiKeyService.AuthenticateApiKey': ['gateway'],
  'orchestrator.v1.ReplicaService.Nudge': ['orchestrator'],
  'orchestrator.v1.ReplicaService.Feed': ['orchestrator'],
  'orchestrator.v1.RateService.SettleRates': ['gateway'],
  'orchestrator.v1.ServiceHealthService.TellServiceHealth': ['gateway'],
  'agents.v1.WorkerCheckService.CheckWorker': ['orchestrator'],
};
const capabilities = ['ingestion', 'query', 'management', 'deletion'];

let mesh: TestMesh;
let rpc: RpcClient;
let seed: Seed;
let before: StoredTenant;
let methods: readonly DescMethod[];
let calls = 0;
let stopTelling: (() => Promise<void>) | undefined;

beforeAll(async () => {
  [mesh, methods] = [await startTestMesh({}, unlimited), await everyMethod()];
  rpc = createRpcClient(mesh);
  seed = await seedTenant(mesh);
  stopTelling = tellOfBreaker(mesh, seed);
  await reserveCall();
  [before] = ofTenant(await readStores(mesh), seed.tenantId);
});

afterAll(async () => {
  process.stdout.write(`Isolation: ${methods?.length} methods, ${calls} calls\n`);
  rpc?.close();
  await stopTelling?.();
  await mesh?.close();
});

/** A paid call of a run of alice's, as the agents service announces one. */
async function reserveCall(): Promise<void> {
  const method = methods.find(({ name }) => name === 'ReserveCall');
  if (!method) throw new Error('No method reserves a call');
  const names = { ...seed.names, reservation_id: newId() };
  const answer = await ask(method, names, runToken(personOf('alice'), runFor(method, names, 'query')));
  if (answer.code !== 'Ok') throw new Error(`Reserving a call was answered with ${answer.told}`);
  seed = { ...seed, names, ownNames: { ...seed.ownNames, reservation_id: names.reservation_id } };
}

const isRead = ({ idempotency }: DescMethod) => idempotency === Level.NO_SIDE_EFFECTS;
/** More than any call takes, in milliseconds. */
const callMsMax = 10_000;

function ask(method: DescMethod, names: Names, token?: string): Promise<RpcAnswer> {
  calls += 1;
  const caller = { timeoutMs: callMsMax, ...(token === undefined ? {} : { token }) };
  return rpc.call(method, requestOf(method.input, names), caller);
}

const personOf = (person: keyof Seed['users']): Principal => ({
  ...{ tenantId: seed.tenantId, userId: seed.users[person], username: person, roles: ['admin'] },
});
const personToken = (principal: Principal) =>
  createRequestTokenMint(mesh.signingKeys.gateway.privateJwk, systemClock).mint(principal);
const runToken = (
  principal: Principal,
  run: RunScope,
  issuer: 'orchestrator' | 'agents' = 'orchestrator',
) => {
  const mints = { orchestrator: createRunTokenMint, agents: createAgentTokenMint };
  return mints[issuer](mesh.signingKeys[issuer].privateJwk, systemClock).mint({ ...principal, run });
};

/** A run of the class that may write what the request names. */
function runFor({ input }: DescMethod, names: Names, capability: string): RunScope {
  const target = ['session_id', 'query_id', 'incident_id'].find((name) => namesAny(input, [name]));
  const runId = (capability === 'gate' ? names.gate_id : names.job_id) ?? '';
  return { runId, capability, writeTarget: names[target ?? ''] ?? '' };
}

/** What of each method is not as `faultIn` wants it. */
async function faultsOf(
  faultIn: (method: DescMethod) => Promise<string | undefined>,
  asked = methods,
): Promise<readonly string[]> {
  expect(asked.length).toBeGreaterThan(0);
  const faults: string[] = [];
  for (const method of asked) {
    const fault = await faultIn(method);
    if (fault !== undefined) faults.push(`${nameOf(method)}: ${fault}`);
  }
  return faults;
}

type TokenFor = (method: DescMethod, names: Names) => string;

/** A call with another's names answers exactly as one with names of nobody, and tells nothing. */
async function foreignFault(method: DescMethod, tokenFor: TokenFor): Promise<string | undefined> {
  const unknown = unknownNames(seed.names);
  const foreign = await ask(method, seed.names, tokenFor(method, seed.names));
  const other = await ask(method, unknown, tokenFor(method, unknown));
  const [told, toldOther] = [comparable(foreign.told, seed.names), comparable(other.told, unknown)];
  const leaks = leaksIn(foreign.told, Object.values(seed.names).join(), seed.secrets);
  if (leaks.length > 0) return `tells ${leaks}`;
  const isSame = foreign.code === other.code && (foreign.code === 'Open' || told === toldOther);
  if (!isSame) return `is no unknown one: ${foreign.code} ${told} / ${other.code} ${toldOther}`;
  return ['Internal', 'Unknown', 'Unimplemented'].includes(foreign.code) ? foreign.code : undefined;
}

/** Somebody of a tenant that has nothing, and of another one that has what was created before. */
interface Strangers {
  readonly asking: Principal;
  readonly changing: Principal;
  readonly creating: Principal;
}

async function newStrangers(): Promise<Strangers> {
  const [asking, changing, creating] = await Promise.all(['a', 'b', 'c'].map(newStranger));
  if (!asking || !changing || !creating) throw new Error('A stranger is lacking');
  return { asking, changing, creating };
}

async function newStranger(tenant: string): Promise<Principal> {
  const api = await mesh.as(`${tenant}-${newId()}`, 'greta');
  const { tenant_id, id } = await api.get('/api/v1/me');
  return { tenantId: tenant_id, userId: id, username: 'greta', roles: ['admin'] };
}

// What a stranger has created would stand before what a wrong method finds elsewhere.
function strangerFor(method: DescMethod, { asking, changing, creating }: Strangers): Principal {
  if (isRead(method)) return asking;
  return /^(?:Update|Delete|Purge|Rollback|Revoke|Cancel|Decide)/.test(method.name) ? changing : creating;
}

describe('every RPC', () => {
  it('is found', () => {
    expect(methods.length).toBeGreaterThan(100);
    for (const name of Object.keys(ofServices)) expect(methods.map(nameOf)).toContain(name);
  });

  it('that reads tells someone of the tenant, so that refusals of others mean something', async () => {
    const reads = methods.filter((method) => isRead(method) && ofServices[nameOf(method)] === undefined);
    const alice = personOf('alice');
    const faults = await faultsOf(async (method) => {
      const runs = [...capabilities, 'gate'].map((capability) => runFor(method, seed.ownNames, capability));
      const free = { runId: seed.ownNames.job_id ?? '', capability: 'query', writeTarget: '' };
      const tokens = [personToken(alice), ...[...runs, free].map((run) => runToken(alice, run))];
      tokens.push(runToken(alice, free, 'agents'));
      let last: RpcAnswer | undefined;
      for (const token of tokens) {
        last = await ask(method, seed.ownNames, token);
        if (['Ok', 'Open'].includes(last.code)) return undefined;
      }
      return `${last?.code} ${last?.told.slice(0, 150)}`;
    }, reads);
    expect(faults).toEqual([]);
  });

  it('wants a token of the mesh, and a deadline', async () => {
    const { privateJwk } = mesh.signingKeys.gateway;
    const alice = personOf('alice');
    const past = () => Date.now() - 3_600_000;
    const wrong: readonly (string | undefined)[] = [
      ...[undefined, 'nonsense', await mesh.token(seed.tenant, 'alice'), seed.weakKey],
      createRequestTokenMint((await generateSigningKey()).privateJwk, systemClock).mint(alice),
      createRequestTokenMint(privateJwk, past).mint(alice),
      createRunTokenMint(privateJwk, systemClock).mint(alice),
      `${personToken(alice)}x`,
    ];
    const faults = await faultsOf(async (method) => {
      const answers = await Promise.all(wrong.map((token) => ask(method, seed.names, token)));
      const request = requestOf(method.input, seed.names);
      const { code } = await rpc.call(method, request, { token: personToken(alice) });
      const codes = [...answers.map((answer) => answer.code), code].join();
      const wanted = [...wrong.map(() => 'Unauthenticated'), 'InvalidArgument'].join();
      return codes === wanted ? undefined : codes;
    });
    expect(faults).toEqual([]);
  });

  it('knows nothing of what another tenant has', async () => {
    const strangers = await newStrangers();
    const tokenFor: TokenFor = (method) => personToken(strangerFor(method, strangers));
    expect(await faultsOf((method) => foreignFault(method, tokenFor))).toEqual([]);
  });

  it.each(capabilities)('knows nothing of it either for a run of the class %s', async (capability) => {
    const strangers = await newStrangers();
    const tokenFor: TokenFor = (method, names) =>
      runToken(strangerFor(method, strangers), runFor(method, names, capability));
    expect(await faultsOf((method) => foreignFault(method, tokenFor))).toEqual([]);
  });

  it('that writes is for no run that has nothing to write', async () => {
    const carol = personOf('carol');
    const faults = await faultsOf(
      async (method) => {
        const found: string[] = [];
        for (const capability of ['', 'shadow_query', ...capabilities]) {
          const run = { runId: 'job_01890a5d0c0c7aaa8aaa0123456789ab', capability, writeTarget: '' };
          const { code, told } = await ask(method, seed.ownNames, runToken(carol, run));
          if (!['PermissionDenied', 'Unauthenticated', 'NotFound'].includes(code))
            found.push(`${capability} ${code} ${told.slice(0, 100)}`);
        }
        return found.length > 0 ? found.join('; ') : undefined;
      },
      methods.filter((method) => !isRead(method)),
    );
    expect(faults).toEqual([]);
  });

  it('about what belongs to one user is refused to a colleague', async () => {
    const asked = methods.filter(({ input }) => namesAny(input, ['session_id', 'query_id', 'job_id']));
    const faults = await faultsOf(async (method) => {
      // What a run waits for is shown to those who may decide it.
      const role = nameOf(method).includes('ApprovalService') ? 'viewer' : 'admin';
      const token = personToken({ ...personOf('carol'), roles: [role] });
      const { code, told } = await ask(method, seed.ownNames, token);
      const leaks = leaksIn(told, Object.values(seed.ownNames).join(), seed.secrets);
      const wanted = namesAny(method.input, ['page']) ? 'Ok' : 'PermissionDenied';
      return code === wanted && leaks.length === 0 ? undefined : `${code} ${told.slice(0, 200)}`;
    }, asked);
    expect(faults).toEqual([]);
  });

  it.each(meshIssuers)('is not for the service %s itself, unless it is made for it', async (issuer) => {
    const token = createServiceTokenMint(issuer, mesh.signingKeys[issuer].privateJwk, systemClock)();
    const faults = await faultsOf(async (method) => {
      const may = ofServices[nameOf(method)]?.includes(issuer) ?? false;
      const { code } = await ask(method, seed.names, token);
      const isRefused = ['PermissionDenied', 'Unauthenticated'].includes(code);
      return isRefused === may ? `${code}, though it may${may ? '' : ' not'}` : undefined;
    });
    expect(faults).toEqual([]);
  });

  it('that services ask for themselves is for no person and no run', async () => {
    const alice = personOf('alice');
    const run = { runId: seed.names.job_id ?? '', capability: 'query', writeTarget: '' };
    const faults = await faultsOf(
      async (method) => {
        const tokens = [personToken(alice), runToken(alice, run), runToken(alice, run, 'agents')];
        const answers = await Promise.all(tokens.map((token) => ask(method, seed.names, token)));
        const codes = answers.map(({ code }) => code).join();
        return /^(?:PermissionDenied,?){3}$/.test(codes) ? undefined : codes;
      },
      methods.filter((method) => ofServices[nameOf(method)] !== undefined),
    );
    expect(faults).toEqual([]);
  });

  it('has changed nothing of the tenant', async () => {
    const [after, others] = ofTenant(await readStores(mesh), seed.tenantId);
    expect(after).toEqual(before);
    expect(others.filter((row) => row.includes(canary))).toEqual([]);
  });
});
