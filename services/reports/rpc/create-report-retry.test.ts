// CreateReport with images over real stores that break after any step: the step is done, its answer is lost, and the call is made again.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { type Client, createClient, createRouterTransport } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDocumentClient } from '../../../foundation/dynamodb/client.ts';
import { ensureTables } from '../../../foundation/dynamodb/tables.ts';
import { Fault } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { callerKey } from '../../../foundation/rpc/caller.ts';
import { type LocalDynamodb, startLocalDynamodb } from '../../../local/databases/dynamodb.ts';
import { type LocalObjects, startLocalObjects } from '../../../local/objects/object-server.ts';
import type { ReportImage } from '../../../proto/gen/domainflow/reports/v1/report_pb.js';
import { ReportService } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { newCaller, newSubmission, type TestCaller, type TestSubmission } from '../app.for-test.ts';
import { reportImagesPrefix, uploadKey } from '../core/image.ts';
import { sampleImages } from '../core/sample-images.for-test.ts';
import { tombstoneOf } from '../core/tombstone.ts';
import { createDynamodbStore } from '../store/dynamodb-store.ts';
import { createObjectClient } from '../store/object-client.ts';
import { createObjectStore } from '../store/object-s3.ts';
import { listVersions } from '../store/object-versions.ts';
import type { ObjectStore, ReportStore } from '../store/store.ts';
import { reportsTables } from '../store/tables.ts';
import { createReport } from './create-report.ts';
import { checksumOf } from './image-content.ts';

/** With two images: two looks and two reads, the document, two copies, and on the second time one find. */
const stepsMax = 7;
const bodies = [sampleImages['image/png'], sampleImages['image/gif']];
const types = ['image/png', 'image/gif'];

let dynamodb: LocalDynamodb;
let server: LocalObjects;
let store: ReportStore;
let objects: ObjectStore;
let bucket: Parameters<typeof listVersions>[0];
let release: () => void;

beforeAll(async () => {
  [dynamodb, server] = await Promise.all([startLocalDynamodb({}), startLocalObjects()]);
  const options = { region: 'us-east-1', requestTimeoutMs: 5_000 };
  const documents = createDocumentClient({ ...options, endpoint: dynamodb.endpoint });
  await ensureTables(documents, reportsTables({ reports: 'Reports', patches: 'Patches' }));
  store = createDynamodbStore({ client: documents, table: 'Reports' });
  const client = createObjectClient({ ...options, endpoint: server.endpoint, credentials: server });
  bucket = { client, name: server.bucket };
  objects = createObjectStore({ bucket: server.bucket, client, publicClient: client, clock: Date.now });
  release = () => {
    documents.destroy();
    client.destroy();
  };
}, 30_000);

afterAll(async () => {
  release();
  await Promise.all([dynamodb.stop(), server.stop()]);
});

/** The same verbs, of which the one at `breaking` (counted over all of them, from 1) is done and then fails. */
function losing<Verbs extends object>(verbs: Verbs, steps: { done: number; breaking: number }): Verbs {
  return new Proxy(verbs, {
    get: (target, name) => {
      const verb: unknown = Reflect.get(target, name);
      if (typeof verb !== 'function') return verb;
      return async (...input: unknown[]) => {
        const answer: unknown = await verb(...input);
        steps.done += 1;
        if (steps.done === steps.breaking) throw new Fault('unavailable', 'The answer is lost');
        return answer;
      };
    },
  });
}

/** A client of CreateReport over these stores, as the ingestion run of the submission. */
function clientOf(
  caller: TestCaller,
  { incidentId, jobId }: TestSubmission,
  stores: { readonly store: ReportStore; readonly objects: ObjectStore },
): Client<typeof ReportService> {
  const site = { publicEndpoint: server.endpoint, bucket: server.bucket };
  const run = { runId: jobId, capability: 'ingestion', writeTarget: incidentId };
  const principal = { ...caller, username: 'someone', roles: ['editor'], run };
  const transport = createRouterTransport(
    ({ service }) =>
      service(ReportService, { createReport: createReport(stores.store, { objects: stores.objects, site }) }),
    {
      router: {
        interceptors: [
          (next) => (request) => {
            request.contextValues.set(callerKey, { service: 'orchestrator', principal, token: 'token' });
            return next(request);
          },
        ],
      },
    },
  );
  return createClient(ReportService, transport);
}

async function uploads({ tenantId }: TestCaller): Promise<ReportImage[]> {
  const images = bodies.map(async (data, at) => {
    const contentType = types[at] ?? '';
    const objectKey = uploadKey(tenantId, newId(), contentType);
    await objects.put(objectKey, contentType, data);
    const facts = { sizeBytes: BigInt(data.byteLength), checksum: checksumOf(data), verified: true };
    return { url: '', objectKey, contentType, ...facts } as ReportImage;
  });
  return Promise.all(images);
}

function creation({ incidentId: _incidentId, createdAt, ...rest }: TestSubmission, images: ReportImage[]) {
  return { ...rest, source: 'web', createdAt: timestampFromDate(createdAt), images };
}

async function keysOf(caller: TestCaller, { domainId, incidentId }: TestSubmission) {
  const prefix = reportImagesPrefix({ ...caller, domainId, incidentId });
  const { versions } = await listVersions(bucket, { prefix, limit: 100 });
  return versions.map(({ key }) => key.slice(prefix.length));
}

describe('CreateReport with images', () => {
  it.each(Array.from({ length: stepsMax }, (_, at) => at + 1))(
    'that lost the answer of its step %i is whole after it was called again',
    async (breaking) => {
      const caller = newCaller();
      const submission = newSubmission();
      const request = creation(submission, await uploads(caller));
      const steps = { done: 0, breaking };
      const unkind = { store: losing(store, steps), objects: losing(objects, steps) };
      await expect(clientOf(caller, submission, unkind).createReport(request)).rejects.toThrow();

      const { report } = await clientOf(caller, submission, { store, objects }).createReport(request);
      expect(report?.images.map(({ contentType, verified }) => [contentType, verified])).toEqual([
        ['image/png', true],
        ['image/gif', true],
      ]);
      expect(await keysOf(caller, submission)).toEqual(['image_001.png', 'image_002.gif']);
      for (const [at, { objectKey }] of (report?.images ?? []).entries()) {
        expect((await objects.read(objectKey))?.data).toEqual(bodies[at]);
      }
      const held = await store.find({ ...caller, incidentId: submission.incidentId });
      expect(held).toMatchObject({ version: 1, images: [{ url: '' }, { url: '' }] });
    },
  );

  it('has no further step', async () => {
    const caller = newCaller();
    const submission = newSubmission();
    const steps = { done: 0, breaking: stepsMax + 3 };
    const stores = { store: losing(store, steps), objects: losing(objects, steps) };
    await clientOf(caller, submission, stores).createReport(creation(submission, await uploads(caller)));
    expect(steps.done).toBe(stepsMax + 2); // and a link for each image
  });

  it('leaves no object without a document that names it, wherever it ended', async () => {
    for (let breaking = 1; breaking <= stepsMax; breaking += 1) {
      const caller = newCaller();
      const submission = newSubmission();
      const steps = { done: 0, breaking };
      const unkind = { store: losing(store, steps), objects: losing(objects, steps) };
      const request = creation(submission, await uploads(caller));
      await expect(clientOf(caller, submission, unkind).createReport(request)).rejects.toThrow();
      const held = await store.find({ ...caller, incidentId: submission.incidentId });
      const keys = await keysOf(caller, submission);
      expect(keys.length === 0 || held?.images.length === 2).toBe(true);
    }
  });

  it('that comes after the deletion of its report brings neither document nor images back', async () => {
    const caller = newCaller();
    const submission = newSubmission();
    const { domainId, incidentId } = submission;
    const request = creation(submission, await uploads(caller));
    const client = clientOf(caller, submission, { store, objects });
    await client.createReport(request);
    const held = await store.find({ ...caller, incidentId });
    if (!held) throw new Error('it was created');
    await store.remove(tombstoneOf(held, new Date().toISOString()));
    await objects.removeReportImages({ ...caller, domainId, incidentId });
    await expect(client.createReport(request)).rejects.toThrow();
    expect(await store.find({ ...caller, incidentId })).toBeUndefined();
    expect(await keysOf(caller, submission)).toEqual([]);
  });
});
