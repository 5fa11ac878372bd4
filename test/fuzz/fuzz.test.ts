// Requests that nobody would send, made from the description of the API: whatever is asked, the answer is as described, and no failure of ours.
// A request that shows otherwise is made as small as it can be, and printed as a line for a shell with the seed that finds it again.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { createAnswerCheck } from '../../gateway/http/check-answer.for-test.ts';
import { type ApiDocument, operationsOf } from '../described/operations.for-test.ts';
import { unlimited } from '../described/unlimited.for-test.ts';
import { startTestMesh, type TestMesh } from '../e2e/test-mesh.ts';
import { type Seed, seedTenant } from '../isolation/seed.for-test.ts';
import { faultsIn, type Judging } from './judge-answer.for-test.ts';
import { fuzzRequest, type RequestSources } from './request-arbitrary.for-test.ts';
import { createFuzzClient, curlLine, type FuzzClient, type FuzzRequest } from './send-request.for-test.ts';

/** How many requests are sent, each some 10 ms. */
const requests = Number(process.env.FUZZ_REQUESTS ?? 600);
/** Another one each time; given, it says again what it said. */
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
/** As many are sent to one tenant, since some of them delete what it has. */
const batchSize = 500;

jest.setTimeout(120_000 + requests * 200);

let mesh: TestMesh;
let client: FuzzClient;
let document: ApiDocument;
let other: Seed;

beforeAll(async () => {
  mesh = await startTestMesh({}, unlimited);
  client = createFuzzClient(mesh.gatewayUrl);
  document = (await (await fetch(`${mesh.gatewayUrl}/api/v1/openapi.json`)).json()) as ApiDocument;
  other = await seedTenant(mesh);
});

afterAll(async () => {
  client?.close();
  await mesh?.close();
});

/** Ids and texts of the other tenant that nothing else has. */
const secretsOf = ({ secrets }: Seed, own: Seed) => secrets.filter((secret) => !own.secrets.includes(secret));

describe('whatever is asked', () => {
  const batches = Array.from({ length: Math.ceil(requests / batchSize) }, (_, at) => at);

  it.each(batches)(
    'is answered as the description says, and tells nothing from inside: part %i',
    async (at) => {
      const own = await seedTenant(mesh, `town-${at}`);
      const token = await mesh.token(own.tenant, 'alice');
      const operations = operationsOf(document).filter(({ role }) => role !== undefined);
      const sources: RequestSources = { document, operations, names: own.names, foreign: other.names };
      const judging: Judging = {
        ...{ check: createAnswerCheck(document), secrets: secretsOf(other, own), kept: new Set() },
      };
      const numRuns = Math.min(batchSize, requests - at * batchSize);
      const property = fc.asyncProperty(fuzzRequest(sources), async (wanted) => {
        const faults = await faultsOf(wanted, token, judging);
        if (faults.length > 0) throw new Error(faults.join('\n'));
      });
      const { failed, counterexample, errorInstance } = await fc.check(property, {
        numRuns,
        seed: seed + at,
      });
      const [smallest] = counterexample ?? [];
      const found = smallest && `FUZZ_SEED=${seed} ${errorInstance}\n${curlLine(mesh.gatewayUrl, smallest)}`;
      expect(failed ? found : 'nothing').toBe('nothing');
    },
  );
});

async function faultsOf(wanted: FuzzRequest, token: string, judging: Judging): Promise<readonly string[]> {
  const answer = await client.send(wanted, token).catch((error: Error) => error);
  return answer instanceof Error ? [answer.message] : faultsIn(wanted, answer, judging);
}
