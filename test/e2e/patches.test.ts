// Patches through the whole mesh: each change of a report is one, can be looked at, and can be taken back while nothing later holds it.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { bodyOf, type RestAnswer, type RestClient } from '../../local/rest-client.ts';
import type { ChangedReport, PatchDocument, PatchList, ProblemDocument } from '../../local/rest-documents.ts';
import { finishReport, startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

let mesh: TestMesh;
let editor: RestClient;
let viewer: RestClient;
let stranger: RestClient;
let incidentId: string;

beforeAll(async () => {
  mesh = await startTestMesh();
  editor = await mesh.as('acme', 'edgar', ['editor']);
  viewer = await mesh.as('acme', 'vera', ['viewer']);
  stranger = await mesh.as('globex', 'edgar');
  incidentId = (await finishReport(editor, 'A street light is out on Main Street')).report.incident_id;
});

afterAll(() => mesh?.close());

const reportPath = () => `/api/v1/reports/${incidentId}`;

async function change(body: object): Promise<string> {
  const changed = bodyOf(await editor.put<ChangedReport>(reportPath(), body), 200, 'Changing a report');
  return changed.patch_id ?? '';
}

function decide<T = PatchDocument>(patchId: string, verb: string, key?: string): Promise<RestAnswer<T>> {
  const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
  return editor.send<T>('POST', `/api/v1/patches/${patchId}/${verb}`, { body: {}, headers });
}

describe('a change', () => {
  it('leaves a patch that says what was before and after', async () => {
    const patchId = await change({ status: 'assigned', management_data: { task: { crew: 'North' } } });
    const patch = bodyOf(await viewer.get<PatchDocument>(`/api/v1/patches/${patchId}`), 200, 'Reading');
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
    for (const list of ['/api/v1/patches?status=applied', `${reportPath()}/patches`]) {
      const { patches } = bodyOf(await viewer.get<PatchList>(list), 200, 'Listing');
      expect(patches).toContainEqual(patch);
    }
  });

  it('that changes nothing leaves none', async () => {
    await change({ management_data: { note: 'once' } });
    expect(await change({ management_data: { note: 'once' } })).toBe('');
  });

  it('is taken back once, by a patch of its own', async () => {
    const patchId = await change({ management_data: { priority: 7 } });
    const reverting = bodyOf(await decide(patchId, 'revert', 'undo'), 200, 'Taking back');
    expect(reverting).toMatchObject({ status: 'applied', reverts: patchId });
    expect((await editor.get<ChangedReport>(reportPath())).body.management_data).not.toHaveProperty(
      'priority',
    );
    const again = await decide(patchId, 'revert', 'undo');
    expect([again.status, again.body.patch_id]).toEqual([200, reverting.patch_id]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await decide(patchId, 'revert')).status).toBe(409);
    const { body } = await viewer.get(`/api/v1/patches/${patchId}`);
    expect(body).toMatchObject({ status: 'reverted', reverted_by: reverting.patch_id });
  });

  it('is not taken back under a later one, and the paths are named', async () => {
    const patchId = await change({ management_data: { place: 'here' } });
    await change({ management_data: { place: 'there' } });
    const refused = await decide<ProblemDocument>(patchId, 'revert');
    expect(refused.status).toBe(409);
    expect(refused.body.details?.map(({ field }) => field)).toEqual(['management_data.place']);
    expect((await editor.get(reportPath())).body).toMatchObject({ management_data: { place: 'there' } });
  });

  it('that is applied is neither applied nor rejected', async () => {
    const patchId = await change({ management_data: { count: 1 } });
    expect((await decide(patchId, 'apply')).status).toBe(409);
    expect((await decide(patchId, 'reject')).status).toBe(409);
  });
});

describe('a patch', () => {
  it('of another tenant is as unknown as one that never existed', async () => {
    const patchId = await change({ management_data: { secret: 1 } });
    const unknown = `patch_${'0'.repeat(32)}`;
    for (const send of [
      (id: string) => stranger.get<ProblemDocument>(`/api/v1/patches/${id}`),
      ...['apply', 'reject', 'revert'].map(
        (verb) => (id: string) => stranger.post<ProblemDocument>(`/api/v1/patches/${id}/${verb}`, {}),
      ),
    ]) {
      const [foreign, never] = [await send(patchId), await send(unknown)];
      expect([foreign.status, foreign.body.detail]).toEqual([404, never.body.detail]);
    }
    expect((await stranger.get(`${reportPath()}/patches`)).status).toBe(404);
    expect(await stranger.get('/api/v1/patches')).toMatchObject({ status: 200, body: { patches: [] } });
  });

  it('is decided by no viewer', async () => {
    const patchId = await change({ management_data: { guarded: 1 } });
    for (const verb of ['apply', 'reject', 'revert']) {
      expect((await viewer.post(`/api/v1/patches/${patchId}/${verb}`, {})).status).toBe(403);
    }
  });

  it('is found page by page, newest first, by number and by cursor', async () => {
    for (let at = 0; at < 5; at += 1) await change({ management_data: { step: at } });
    const path = `${reportPath()}/patches`;
    type Page = PatchList & { readonly pagination: { readonly next_cursor: string | null } };
    const whole = bodyOf(await viewer.get<Page>(`${path}?limit=100`), 200, 'Listing').patches;
    const walked: string[] = [];
    let next: string | null = '';
    for (let page = 1; next !== null; page += 1) {
      const cursor: string = next ? `&cursor=${encodeURIComponent(next)}` : '';
      const byCursor: Page = bodyOf(await viewer.get<Page>(`${path}?limit=2${cursor}`), 200, 'Listing');
      const byNumber = bodyOf(await viewer.get<Page>(`${path}?limit=2&page=${page}`), 200, 'Listing');
      expect(byNumber.patches).toEqual(byCursor.patches);
      walked.push(...byCursor.patches.map(({ patch_id }) => patch_id));
      next = byCursor.pagination.next_cursor;
    }
    expect(walked).toEqual(whole.map(({ patch_id }) => patch_id));
  });
});
