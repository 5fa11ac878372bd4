// The sweep of uploads over a real object store whose objects have chosen ages, and over more parts than one sweep takes.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '../../../foundation/ids/ids.ts';
import { createMetrics, type Metrics } from '../../../foundation/telemetry/metrics.ts';
import { type LocalObjects, startLocalObjects } from '../../../local/objects/object-server.ts';
import { uploadKey } from '../core/image.ts';
import { createObjectClient } from '../store/object-client.ts';
import { createObjectStore } from '../store/object-s3.ts';
import type { ObjectStore } from '../store/store.ts';
import { createUploadSweep, partsPerSweepMax, startUploadSweep } from './upload-sweep.ts';

const dayMs = 24 * 3_600_000;
const tenantId = '6a1b0000-0000-4000-8000-000000000001';
const bytes = new Uint8Array([1]);

let server: LocalObjects;
let objects: ObjectStore;
let metrics: Metrics;
let release: () => void;

beforeAll(async () => {
  server = await startLocalObjects();
  const options = { region: 'us-east-1', credentials: server, requestTimeoutMs: 5_000 };
  const client = createObjectClient({ ...options, endpoint: server.endpoint });
  const { bucket } = server;
  objects = createObjectStore({ bucket, client, publicClient: client, clock: Date.now });
  release = () => client.destroy();
});

beforeEach(() => {
  metrics = createMetrics({ processMetrics: false });
});

afterAll(async () => {
  release();
  await server.stop();
});

async function removed(): Promise<number | undefined> {
  const metric = metrics.getSingleMetric('domainflow_report_uploads_removed_total');
  return (await metric?.get())?.values[0]?.value;
}

describe('the upload sweep', () => {
  it('removes uploads of a day, keeps younger ones and everything of reports, and counts', async () => {
    const uploads = [newId(), newId()].map((id) => uploadKey(tenantId, id, 'image/png'));
    const ofReport = `${tenantId}/civic_complaints/inc_1/image_001.png`;
    for (const key of [...uploads, ofReport]) await objects.put(key, 'image/png', bytes);
    const has = () => Promise.all([...uploads, ofReport].map((key) => objects.has(key)));
    let nowMs = Date.now() + dayMs - 60_000;
    const sweep = createUploadSweep({ objects, clock: () => nowMs, metrics });
    await sweep();
    expect(await has()).toEqual([true, true, true]);
    nowMs += 2 * 60_000;
    await sweep();
    expect(await has()).toEqual([false, false, true]);
    expect(await removed()).toBe(2);
  });

  it('goes through a bounded number of parts and on from there the next time', async () => {
    const asked: (string | undefined)[] = [];
    const endless = {
      sweepUploads: async (_beforeMs: number, from?: string) => {
        asked.push(from);
        return { removed: 1, next: String(asked.length) };
      },
    };
    const sweep = createUploadSweep({ objects: endless, clock: Date.now, metrics });
    await sweep();
    expect(asked).toHaveLength(partsPerSweepMax);
    await sweep();
    expect(asked[partsPerSweepMax]).toBe(String(partsPerSweepMax));
    expect(await removed()).toBe(2 * partsPerSweepMax);
  });

  it('survives a store that is away, and ends when it is told to', async () => {
    const { promise: logged, resolve } = Promise.withResolvers<unknown>();
    const away = { sweepUploads: () => Promise.reject(new Error('away')) };
    const log = { warn: resolve as never };
    const stop = startUploadSweep({ objects: away, clock: Date.now, metrics, log });
    expect(await logged).toMatchObject({ name: 'upload sweep' });
    await stop();
  });

  it('that is told to end goes through no further part', async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: going, resolve: go } = Promise.withResolvers<void>();
    let parts = 0;
    const sweepUploads = async () => {
      parts += 1;
      begin();
      await going;
      return { removed: 0, next: 'on' };
    };
    const log = { warn: () => {} };
    const stop = startUploadSweep({ objects: { sweepUploads }, clock: Date.now, metrics, log });
    await begun;
    const stopped = stop();
    go();
    await stopped;
    expect(parts).toBe(1);
  });
});
