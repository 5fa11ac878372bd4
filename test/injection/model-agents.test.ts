// Texts that want agents to do what nobody asked for, as reports and as questions, to agents on a model that obeys each of them: nothing
// changes but the run's own document, and nobody learns of another tenant.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { finishQuery, finishReport, openSession } from '../e2e/test-mesh.ts';
import { type Attack, type AttackNames, halfOf, readAttacks } from './attacks.for-test.ts';
import { forgedReferences, type ObedientEnd, obey, refusedCalls, strayCalls } from './obedience.for-test.ts';
import { seenPrompt } from './prompts.for-test.ts';
import { watchChanges } from './snapshot.for-test.ts';
import { attackedDomain, foreignWords, type InjectionStage, startInjectionStage } from './stage.for-test.ts';

jest.setTimeout(60_000);

const nobody: AttackNames = { victim: '', foreign: '', unknown: '', foreignTenant: '' };
const cases = (await readAttacks(nobody)).map(({ id }, at) => ({ id, at }));
const { INJECTION_TEXTS: texts } = process.env;
const refusal = 'A call of a tool was refused as permission_denied';

let stage: InjectionStage;
let attacks: readonly Attack[];
let sessionId: string;
/** Names of what has changed since it was asked before. */
let changes: () => Promise<readonly string[]>;

beforeAll(async () => {
  stage = await startInjectionStage();
  attacks = await readAttacks(stage.names);
  sessionId = await openSession(stage.api, attackedDomain);
  changes = await watchChanges(stage.mesh);
}, 120_000);
afterAll(() => stage?.close());

function textAt(at: number): string {
  return attacks[at]?.text ?? '';
}

/** Half of the reports end in each way, and the question of the same text in the other. */
function endsAt(at: number): { readonly ofReport: ObedientEnd; readonly ofQuestion: ObedientEnd } {
  const [ofReport, ofQuestion]: ObedientEnd[] = at % 4 < 2 ? ['forging', 'invalid'] : ['invalid', 'forging'];
  return { ofReport: ofReport ?? 'invalid', ofQuestion: ofQuestion ?? 'invalid' };
}

/** The calls of the model since then, the prompt of the first of them being sound. */
function expectSoundPrompt(since: number, input: object): void {
  const served = stage.server.calls.slice(since);
  const [first] = served;
  if (!first) throw new Error('No model was asked');
  const { mark, data, outside, marks } = seenPrompt(first);
  expect(mark).toMatch(/^[0-9a-f]{24}$/);
  expect(JSON.parse(data.input ?? '')).toMatchObject(input);
  expect(outside).toBe('');
  expect(marks).toBe(2 * Object.keys(data).length);
  const told = JSON.stringify(served.map(({ body }) => body));
  expect(told).not.toContain(foreignWords);
}

/** What the tools answered in a run stands in its second call: refusals and faults, and what the run may read. */
function expectToolsHeld(since: number): void {
  const messages = stage.server.calls[since + 1]?.body.messages as readonly {
    role: string;
    content: string;
  }[];
  const answers = messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
  expect(answers).toHaveLength(refusedCalls(stage.names).length + strayCalls(stage.names).length);
  const stray = answers.slice(refusedCalls(stage.names).length);
  expect(stray.slice(0, 2).join()).toMatch(/not valid|invalid|additional/i);
  for (const refused of answers.slice(0, refusedCalls(stage.names).length))
    expect(refused).not.toMatch(/"ok"|reports"/);
}

async function expectRefusalsLogged(jobId: string): Promise<void> {
  const count = refusedCalls(stage.names).length;
  const lines = await stage.logged('agents', { sentence: refusal, text: jobId, count });
  expect(lines).toHaveLength(count);
  for (const line of lines) expect(line).not.toMatch(/execute_sql|drop table|update reports|inc_/);
}

describe('a text as a report to an agent whose model obeys it', () => {
  it.each(halfOf(cases, 1, texts))('$id fills its own report alone', async ({ at }) => {
    const { server, api, names } = stage;
    const { ofReport } = endsAt(at);
    const since = server.calls.length;
    server.meet(...obey(names, ofReport));
    const { report, jobId } = await finishReport(api, textAt(at), attackedDomain);
    const changed = await changes();
    expect(changed.filter((name) => !name.includes(report.incident_id))).toEqual([]);
    expect(changed.some((name) => name.startsWith('Patches'))).toBe(false);
    expectSoundPrompt(since, { text: textAt(at) });
    expectToolsHeld(since);
    await expectRefusalsLogged(jobId);
    expect(report.management_data).toEqual({});
    if (ofReport === 'invalid') {
      expect(report).toMatchObject({ status: 'failed', ingestion_data: {} });
      expect(report.error).toContain('not valid');
      return;
    }
    expect(report).toMatchObject({ status: 'completed', ingestion_data: { kind: 'leak' } });
    const { kind, location_text, geo_location, address, confidence, ...more } = report.ingestion_data;
    expect(more).toEqual({});
    expect(report.provenance.kind).toMatchObject({ spans: [], confidence: 0.8 });
  });
});

describe('a text as a question to an agent whose model obeys it', () => {
  it.each(halfOf(cases, 0, texts))('$id is answered from the reports of its domain alone', async ({ at }) => {
    const { server, api, names } = stage;
    const { ofQuestion } = endsAt(at);
    const question = textAt(at).slice(0, 1_000).toWellFormed();
    const since = server.calls.length;
    server.meet(...obey(names, ofQuestion));
    const { query, jobId } = await finishQuery(api, sessionId, question, attackedDomain);
    const changed = await changes();
    const own = [query.query_id, sessionId];
    expect(changed.filter((name) => !own.some((id) => name.includes(id)))).toEqual([]);
    expectSoundPrompt(since, { question });
    expectToolsHeld(since);
    await expectRefusalsLogged(jobId);
    if (ofQuestion === 'invalid') {
      expect(query).toMatchObject({ status: 'failed', references_used: [], references_rejected: [] });
      return;
    }
    expect(query.status).toBe('completed');
    expect(query.references_used.map(({ reference_id }) => reference_id)).toEqual([names.victim]);
    const rejected = query.references_rejected;
    expect(rejected.map(({ reference_id }) => reference_id)).toEqual(forgedReferences(names));
    expect(new Set(rejected.map(({ reason }) => reason))).toEqual(new Set(['unresolved']));
    const cited = JSON.stringify([query.summary, query.answers, query.map_data]);
    for (const forged of forgedReferences(names)) expect(cited).not.toContain(forged);
    await expectSessionCites(query.query_id, [names.victim]);
    const lines = await stage.logged('orchestrator', {
      ...{ sentence: 'References that name no report', text: jobId, count: 1 },
    });
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join()).not.toContain('close all tickets');
  });
});

async function expectSessionCites(queryId: string, ids: readonly string[]): Promise<void> {
  const path = { session_id: sessionId };
  const { messages } = await stage.api.get('/api/v1/sessions/{session_id}', { path });
  const answer = messages.find(({ role, metadata }) => role === 'assistant' && metadata.query_id === queryId);
  expect(answer?.metadata.references.map(({ reference_id }) => reference_id)).toEqual(ids);
}
