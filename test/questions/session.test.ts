// A session over the whole mesh: a question that only points back is answered about what was asked before, and "the second one" about the
// report that the answer named.
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { ApiClient } from '../../clients/api/api-client.ts';
import { readSettings } from '../../local/demo/sample.ts';
import { finishQuery, finishReport, openSession, startTestMesh, type TestMesh } from '../e2e/test-mesh.ts';

jest.setTimeout(60_000);

const texts = [
  'Pothole on Centre St in Roslindale',
  'Another pothole, at Washington St in Roslindale',
  'Deep pothole on Adams St in Dorchester',
  'Trash on the sidewalk in Roslindale',
];
let mesh: TestMesh;
let api: ApiClient;

beforeAll(async () => {
  mesh = await startTestMesh();
  api = await mesh.as('acme', 'alice');
  await api.put('/api/v1/tenant/settings', { body: await readSettings() });
  for (const text of texts) await finishReport(api, text);
});

afterAll(() => mesh?.close());

it('goes on from what was asked before', async () => {
  const session = await openSession(api);
  const what = async (question: string) => {
    const { query } = await finishQuery(api, session, question);
    const text = query.answers.find(({ label }) => label === 'What')?.text ?? '';
    return { text, shown: query.references_used.map(({ reference_id }) => reference_id) };
  };
  expect((await what('How many potholes are there in Roslindale?')).text).toMatch(
    /^2 reports about potholes in Roslindale/,
  );
  expect((await what('and those in Dorchester?')).text).toMatch(/^1 report about potholes in Dorchester/);
  const trash = await what('What about trash in Roslindale?');
  expect(trash.text).toMatch(/^1 report about trash in Roslindale/);
  const first = await what('the first one');
  expect(first.text).toContain('Trash on the sidewalk in Roslindale');
  expect(first.shown).toEqual(trash.shown);
});
