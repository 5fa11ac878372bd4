// Patches through the whole mesh: each change of a report is one, can be looked at, and can be taken back while nothing later holds it.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApiClient } from '../../clients/api/api-client.ts';
import type { Patch, UpdateReportBody } from '../../clients/api/gen/api-types.ts';
import { type Answered, answered, refused } from './answers.ts';
import { finishReport, startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

let mesh: TestMesh;
let editor: ApiClient;
let viewer: ApiClient;
let stranger: ApiClient;
let incidentId: string;

beforeAll(async () => {
  mesh = await startTestMesh();
  editor = await mesh.as('acme', 'edgar', ['editor']);
  viewer = await mesh.as('acme', 'vera', ['viewer']);
  stranger = await mesh.as('globex', 'edgar');
  incidentId = (await finishReport(editor, 'A street light is out on Main Street')).report.incident_id;
});

afterAll(() => mesh?.close());

const report = '/api/v1/reports/{incident_id}';
const ofReport = () => ({ path: { incident_id: incidentId } });
const readReport = () => editor.get(report, ofReport());
const one = '/api/v1/patches/{patch_id}';
const readPatch = (client: ApiClient, patch_id: string) => client.get(one, { path: { patch_id } });
const verbs = ['apply', 'reject', 'revert'] as const;

async function change(body: UpdateReportBody): Promise<string> {
  const changed = await editor.put(report, { ...ofReport(), body });
  return changed.patch_id ?? '';
}

function decide(patch_id: string, verb: (typeof verbs)[number], by = editor): Promise<Patch> {
  return by.post(`${one}/${verb}`, { path: { patch_id } });
}

function revertUnder(key: string, patch_id: string): Promise<Answered<Patch>> {
  const init = { path: { patch_id }, headers: { 'idempotency-key': key } };
  return answered((onHead) => editor.post(`${one}/revert`, { ...init, onHead }));
}

describe('a change', () => {
  it('leaves a patch that says what was before and after', async () => {
    const patchId = await change({ status: 'assigned', management_data: { task: { crew: 'North' } } });
    const patch = await readPatch(viewer, patchId);
    expect(patch).toMatchObject({
      patch_id: patchId,
      incident_id: incidentId,
      source: 'user',
      status: 'applied',
    });
    expect(patch.changes).toEqual(
      expect.arrayContaining([
        { path: 'status', before: 'completed', after: 'assigned' },
        { path: 'management_data.task.crew', after: 'North' },
      ]),
    );
    for (const { patches } of [
      await viewer.get('/api/v1/patches', { query: { status: 'applied' } }),
      await viewer.get(`${report}/patches`, ofReport()),
    ]) {
      expect(patches).toContainEqual(patch);
    }
  });

  it('that changes nothing leaves none', async () => {
    await change({ management_data: { note: 'once' } });
    expect(await change({ management_data: { note: 'once' } })).toBe('');
  });

  it('is taken back once, by a patch of its own', async () => {
    const patchId = await change({ management_data: { priority: 7 } });
    const { body: reverting } = await revertUnder('undo', patchId);
    expect(reverting).toMatchObject({ status: 'applied', reverts: patchId });
    expect((await readReport()).management_data).not.toHaveProperty('priority');
    const again = await revertUnder('undo', patchId);
    expect([again.status, again.body.patch_id]).toEqual([200, reverting.patch_id]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await refused(decide(patchId, 'revert'))).status).toBe(409);
    expect(await readPatch(viewer, patchId)).toMatchObject({
      status: 'reverted',
      reverted_by: reverting.patch_id,
    });
  });

  it('is not taken back under a later one, and the paths are named', async () => {
    const patchId = await change({ management_data: { place: 'here' } });
    await change({ management_data: { place: 'there' } });
    const { status, violations } = await refused(decide(patchId, 'revert'));
    expect(status).toBe(409);
    expect(violations.map(({ field }) => field)).toEqual(['management_data.place']);
    expect(await readReport()).toMatchObject({ management_data: { place: 'there' } });
  });

  it('that is applied is neither applied nor rejected', async () => {
    const patchId = await change({ management_data: { count: 1 } });
    expect((await refused(decide(patchId, 'apply'))).status).toBe(409);
    expect((await refused(decide(patchId, 'reject'))).status).toBe(409);
  });
});

describe('a patch', () => {
  it('of another tenant is as unknown as one that never existed', async () => {
    const patchId = await change({ management_data: { secret: 1 } });
    const unknown = `patch_${'0'.repeat(32)}`;
    for (const send of [
      (id: string) => readPatch(stranger, id),
      ...verbs.map((verb) => (id: string) => decide(id, verb, stranger)),
    ]) {
      const [foreign, never] = [await refused(send(patchId)), await refused(send(unknown))];
      expect([foreign.status, foreign.message]).toEqual([404, never.message]);
    }
    expect((await refused(stranger.get(`${report}/patches`, ofReport()))).status).toBe(404);
    expect(await stranger.get('/api/v1/patches')).toMatchObject({ patches: [] });
  });

  it('is decided by no viewer', async () => {
    const patchId = await change({ management_data: { guarded: 1 } });
    for (const verb of verbs) {
      expect((await refused(decide(patchId, verb, viewer))).status).toBe(403);
    }
  });

  it('is found page by page, newest first, by number and by cursor', async () => {
    for (let at = 0; at < 5; at += 1) await change({ management_data: { step: at } });
    const list = (query: { limit: number; page?: number; cursor?: string }) =>
      viewer.get(`${report}/patches`, { ...ofReport(), query });
    const whole = (await list({ limit: 100 })).patches;
    const walked: string[] = [];
    let next: string | null = '';
    for (let page = 1; next !== null; page += 1) {
      const byCursor: Awaited<ReturnType<typeof list>> = await list({
        limit: 2,
        ...(next && { cursor: next }),
      });
      const byNumber = await list({ limit: 2, page });
      expect(byNumber.patches).toEqual(byCursor.patches);
      walked.push(...byCursor.patches.map(({ patch_id }) => patch_id));
      next = byCursor.pagination.next_cursor;
    }
    expect(walked).toEqual(whole.map(({ patch_id }) => patch_id));
  });
});
