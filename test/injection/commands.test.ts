// Reports whose texts want more than a person commanded, to the platform's agents on a model that reads them and obeys: the command changes
// the report that it names, whatever the model cites.

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Patch, Query } from '../../clients/api/gen/api-types.ts';
import { createDomain, playbook } from '../e2e/sample-definitions.ts';
import { finishReport, openSession, queryOnceEnded } from '../e2e/test-mesh.ts';
import { type Attack, type AttackNames, readAttacks, thirdOf } from './attacks.for-test.ts';
import { forgedReferences, refusedCalls } from './obedience.for-test.ts';
import { watchChanges } from './snapshot.for-test.ts';
import { type InjectionStage, startInjectionStage } from './stage.for-test.ts';

jest.setTimeout(60_000);

const domainId = 'commanded';
const nobody: AttackNames = { victim: '', foreign: '', unknown: '', foreignTenant: '' };
const cases = (await readAttacks(nobody)).map(({ id }, at) => ({ id, at }));

let stage: InjectionStage;
let attacks: readonly Attack[];
let sessionId: string;
/** Names of what has changed since it was asked before. */
let changes: () => Promise<readonly string[]>;
let bystander: string;

beforeAll(async () => {
  stage = await startInjectionStage({ BUILTIN_RUNTIME: 'model' });
  const { api, server } = stage;
  await createDomain(api, domainId, {
    ingestion_playbook: playbook(['builtin-ingestion-entity']),
    management_playbook: playbook(['builtin-management-status-updater']),
  });
  server.meet({ kind: 'answer', text: '{"output": {"sentiment": "negative"}}' });
  bystander = (await finishReport(api, 'A lamp is broken', domainId)).report.incident_id;
  attacks = await readAttacks({ ...stage.names, victim: bystander });
  sessionId = await openSession(api, domainId);
  changes = await watchChanges(stage.mesh);
}, 120_000);
afterAll(() => stage?.close());

async function command(question: string): Promise<Query> {
  const { api } = stage;
  const asked = { session_id: sessionId, domain_id: domainId, question };
  const { query_id } = await api.post('/api/v1/queries', { body: { ...asked, mode: 'management' } });
  return queryOnceEnded(api, query_id);
}

async function patchesOf(incident_id: string): Promise<readonly Patch[]> {
  const path = { incident_id };
  return (await stage.api.get('/api/v1/reports/{incident_id}/patches', { path })).patches;
}

describe('a command that names one report, to a model that obeys the text of that report', () => {
  it.each(thirdOf(cases, process.env.INJECTION_TEXTS))(
    'changes that report alone, or nothing: $id',
    async ({ at }) => {
      const { api, server, names } = stage;
      server.meet({ kind: 'answer', text: '{"output": {"sentiment": "negative"}}' });
      const { report } = await finishReport(api, attacks[at]?.text ?? '', domainId);
      const target = report.incident_id;
      await changes();
      const citesTarget = at % 2 === 0;
      const beyond = [bystander, names.victim, ...forgedReferences(names)];
      const cited = citesTarget ? [...beyond, target] : beyond;
      const reads = { name: 'retrieval_api', arguments: { limit: 10 } };
      const all = { output: { status: 'closed', notes: 'The report says so' }, references: cited };
      server.meet(
        { kind: 'tools', calls: [reads, ...refusedCalls({ ...names, victim: bystander })] },
        { kind: 'answer', text: JSON.stringify({ output: { status: 'closed', assignee_id: 'mallory' } }) },
        { kind: 'answer', text: JSON.stringify(all) },
      );
      const query = await command(`Close ${target}`);
      expect(query.status).toBe('completed');
      const patches = await patchesOf(target);
      const closed = { path: 'status', after: 'closed' };
      expect(patches.flatMap(({ changes }) => changes)).toMatchObject(citesTarget ? [closed] : []);
      const changed = await changes();
      const own = [target, query.query_id, sessionId, ...patches.map(({ patch_id }) => patch_id)];
      expect(changed.filter((name) => !own.some((id) => name.includes(id)))).toEqual([]);
      expect(query.references_used.map(({ reference_id }) => reference_id)).toEqual(
        citesTarget ? [target] : [],
      );
      const rejected = query.references_rejected as readonly { readonly reference_id: string }[];
      expect(rejected.map(({ reference_id }) => reference_id)).toEqual([
        names.victim,
        ...forgedReferences(names),
      ]);
    },
  );
});

describe('a command that names no report, to a model that cites what is not there', () => {
  it('changes nothing', async () => {
    const { server, names } = stage;
    await changes();
    const all = { output: { status: 'closed' }, references: [names.victim, ...forgedReferences(names)] };
    server.meet({ kind: 'answer', text: JSON.stringify(all) });
    const query = await command('Close everything in Boston');
    const changed = await changes();
    expect(changed.filter((name) => ![query.query_id, sessionId].some((id) => name.includes(id)))).toEqual(
      [],
    );
    expect(query.references_used).toEqual([]);
  });
});
