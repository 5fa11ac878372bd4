// The end of a management run on the real services: reports are patched once, whatever crashes, and the query job tells what was done.
import { toJson } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../foundation/identity/principal.ts';
import { newId } from '../../foundation/ids/ids.ts';
import type { JsonObject } from '../../foundation/json/json.ts';
import { createLog } from '../../foundation/telemetry/log.ts';
import { ApplyMode } from '../../proto/gen/domainflow/registry/v1/domain_pb.js';
import { PlanSchema } from '../../proto/gen/domainflow/registry/v1/plan_pb.js';
import { PatchStatus } from '../../proto/gen/domainflow/reports/v1/patch_pb.js';
import { QueryMode } from '../../proto/gen/domainflow/sessions/v1/query_job_pb.js';
import { createManagementDocument } from '../../services/orchestrator/clients/management-document.ts';
import { OutcomeRefused, type RunDocument } from '../../services/orchestrator/clients/run-document.ts';
import { fold } from '../../services/orchestrator/core/evolve.ts';
import { newRecord, pinned } from '../../services/orchestrator/core/execution-record.for-test.ts';
import type { StoredExecution } from '../../services/orchestrator/core/execution-record.ts';
import { type ExecutionState, initialState } from '../../services/orchestrator/core/execution-state.ts';
import { recordJob } from '../../services/orchestrator/core/job-input.ts';
import { agents, answered } from '../../services/orchestrator/core/management-answer.for-test.ts';
import { managementConflicts } from '../../services/orchestrator/core/management-effects.ts';
import { jobIdOf, queryIdOf } from '../../services/orchestrator/core/public-id.ts';
import { planOf, withTasks } from '../../services/orchestrator/core/run-plan.for-test.ts';
import { planMessageOf } from '../../services/orchestrator/engine/pinned-plan.for-test.ts';
import { startThreeServices, type ThreeServices } from './three-services.for-test.ts';

const commandedAt = '2026-03-01T12:00:00.000Z';
const succeeded = { succeeded: true, partial: false, reason: '', error: '' };

const log = createLog({ service: 'test', level: 'silent' });

let under: ThreeServices;
let document: RunDocument;
beforeAll(async () => {
  under = await startThreeServices();
  document = createManagementDocument(under.clients, under.callsOf, log);
}, 60_000);
afterAll(() => under.close());

type Answers = Partial<Record<keyof typeof agents, readonly [JsonObject, readonly string[]]>>;

/** A command whose query job is in place and whose agents have answered. */
interface Commanded {
  readonly execution: StoredExecution;
  readonly state: ExecutionState;
}

async function commanded(
  person: Principal,
  answers: Answers,
  { command = 'Do it', apply = ApplyMode.UNSPECIFIED } = {},
): Promise<Commanded> {
  const { session } = await under.clients.sessions.createSession({ domainId: 'city' }, under.as(person));
  const plan = planMessageOf({ only: [] }, { apply });
  const input = {
    ...{ question: command, domain_id: 'city', user_id: person.userId, reference_time: commandedAt },
    ...{ context: [], session_references: [] },
  };
  const record = newRecord({
    ...{ tenantId: person.tenantId, principal: person, kind: 'management', subjectId: queryIdOf(newId()) },
    sessionId: session?.sessionId ?? '',
    plan: pinned(JSON.stringify(toJson(PlanSchema, plan))),
    input: recordJob(input, { messages: { question: newId(), answer: newId() } }),
  });
  const row = {
    status: 'finishing',
    reason: '',
    error: '',
    partial: false,
    isQueued: false,
    isParked: false,
  } as const;
  const execution = { ...record, ...row };
  await document.place(execution);
  return { execution, state: stateOf(answers) };
}

function stateOf(answers: Answers): ExecutionState {
  const given = Object.entries(answers) as [keyof typeof agents, readonly [JsonObject, readonly string[]]][];
  const names = given.map(([agent]) => [agent, { agentId: agents[agent][0], agentName: agents[agent][1] }]);
  const plan = withTasks(
    planOf(Object.fromEntries(given.map(([agent]) => [agent, []]))),
    Object.fromEntries(names),
  );
  const events = given.flatMap(([nodeId, [output, references]]) => [
    { type: 'task_started' as const, nodeId, attempt: 1 },
    {
      type: 'task_succeeded' as const,
      nodeId,
      attempt: 1,
      durationMs: 5,
      answer: answered(nodeId, output, references).answer,
    },
  ]);
  const entries = [{ type: 'started' as const }, ...events].map((event, at) => ({
    seq: at + 1,
    atMs: 1_000 + at,
    event,
  }));
  return fold(initialState(plan), entries);
}

async function prepared({ execution, state }: Commanded): Promise<JsonObject> {
  if (!document.prepare) throw new Error('nothing is prepared');
  // The journal keeps it as JSON.
  return JSON.parse(JSON.stringify(await document.prepare(execution, state)));
}

async function applied(run: Commanded, effects: JsonObject, at = new Date()): Promise<string> {
  const { summary } = await document.apply({
    ...run,
    outcome: succeeded,
    prepared: effects,
    atMs: at.getTime(),
  });
  return summary;
}

async function carriedOut(...asked: Parameters<typeof commanded>): Promise<Commanded> {
  const run = await commanded(...asked);
  await applied(run, await prepared(run));
  return run;
}

async function jobOf(person: Principal, { execution }: Commanded) {
  const { job } = await under.clients.queryJobs.getQueryJob(
    { queryId: execution.subjectId },
    under.as(person),
  );
  if (!job?.result) throw new Error('the job has no result');
  return { ...job, result: job.result };
}

async function reportOf(person: Principal, incidentId: string) {
  const { report } = await under.clients.reports.getReport({ incidentId }, under.as(person));
  if (!report) throw new Error('no such report');
  return report;
}

async function patchesOf(person: Principal, incidentId: string) {
  const { patches } = await under.clients.patches.listPatches({ incidentId }, under.as(person));
  return patches.toReversed();
}

describe('a command', () => {
  it('changes the reports that its agents cite, by a patch for each agent, and tells so in its job', async () => {
    const person = await under.newPerson('chief');
    const { team } = await under.clients.teams.createTeam(
      { definition: { team_name: 'Roads Team' } },
      under.as({ ...person, roles: ['admin'] }),
    );
    const place = { geo_location: { type: 'Point', coordinates: [-71.1, 42.3] } };
    const ids = [await under.newReport(person, { ingestionData: place }), await under.newReport(person)];
    const run = await carriedOut(person, {
      assigner: [{ assignee_id: 'roads team', assignee_type: 'user', reason: 'theirs' }, ids],
      status: [{ status: 'in_progress' }, ids],
      details: [{ field: 'priority', value: 'high' }, ids.slice(0, 1)],
    });

    const report = await reportOf(person, ids[0] ?? '');
    expect(report.status).toBe('in_progress');
    expect(report.managementData).toMatchObject({
      task_details: {
        assignee_id: team?.id,
        assignee_type: 'team',
        assignee_verified: true,
        assigned_at: commandedAt,
        reason: 'theirs',
        priority: 'high',
      },
      history: [{ by: person.userId, action: 'apply' }, { status: 'in_progress' }, { status: 'in_progress' }],
    });
    const patches = await patchesOf(person, ids[0] ?? '');
    const jobId = jobIdOf(run.execution.id);
    expect(
      patches.map(({ agentId, status, jobId: job, queryId }) => [agentId, status, job, queryId]),
    ).toEqual(
      [agents.assigner, agents.status, agents.details].map(([agentId]) => [
        agentId,
        PatchStatus.APPLIED,
        jobId,
        run.execution.subjectId,
      ]),
    );

    const { result, mode, status } = await jobOf(person, run);
    expect([mode, status]).toEqual([QueryMode.MANAGEMENT, 'completed']);
    expect(result.summary.split('\n').slice(0, 3)).toEqual([
      `- Task Assigner: assigned to Roads Team [${ids.join(', ')}]`,
      `- Status Updater: status in progress [${ids.join(', ')}]`,
      `- Task Details Editor: priority high [${ids[0]}]`,
    ]);
    expect(result.patches).toEqual(expect.arrayContaining(patches.map(({ patchId }) => patchId)));
    expect(result.patches).toHaveLength(5);
    expect(result.referencesUsed.map(({ referenceId, status: now }) => [referenceId, now])).toEqual(
      ids.map((id) => [id, 'in_progress']),
    );
    expect(result.mapData).toMatchObject({ map_action: 'ADD_MARKERS', display: 'marker' });
    expect(result.executionLog).toHaveLength(3);
  });

  it('is answered in its session by what was done', async () => {
    const person = await under.newPerson('talker');
    const id = await under.newReport(person);
    const run = await carriedOut(person, { status: [{ status: 'closed' }, [id]] });
    const { result } = await jobOf(person, run);
    const asked = { sessionId: run.execution.sessionId ?? '', messageLimit: 10 };
    const { messages } = await under.clients.sessions.getSession(asked, under.as(person));
    expect(messages.map(({ content }) => content)).toEqual(['Do it', result.summary]);
    expect(messages[1]?.references.map(({ referenceId }) => referenceId)).toEqual([id]);
  });

  it('keeps the name of an assignee who cannot be told for certain', async () => {
    const person = await under.newPerson('maria');
    const id = await under.newReport(person);
    await carriedOut(person, { assigner: [{ assignee_id: 'Bob' }, [id]] });
    const other = await under.newReport(person);
    await carriedOut(person, { assigner: [{ assignee_id: 'MARIA' }, [other]] });
    const details = await Promise.all(
      [id, other].map(async (each) => (await reportOf(person, each)).managementData),
    );
    expect(details).toMatchObject([
      { task_details: { assignee_id: 'Bob', assignee_type: 'user', assignee_verified: false } },
      { task_details: { assignee_id: person.userId, assignee_type: 'user', assignee_verified: true } },
    ]);
  });

  it('finds an assignee also among more teams than fit a page', async () => {
    const person = await under.newPerson('founder');
    const asAdmin = under.as({ ...person, roles: ['admin'] });
    const name = (nth: number) => ({ definition: { team_name: `Team ${nth}` } });
    const { team: oldest } = await under.clients.teams.createTeam(name(0), asAdmin);
    for (let nth = 1; nth <= 100; nth += 1) await under.clients.teams.createTeam(name(nth), asAdmin);
    const id = await under.newReport(person);
    await carriedOut(person, { assigner: [{ assignee_id: 'team 0' }, [id]] });
    expect((await reportOf(person, id)).managementData).toMatchObject({
      task_details: { assignee_id: oldest?.id },
    });
  });

  it('of which an agent failed changes what the others want, where the playbook goes on', async () => {
    const person = await under.newPerson('partial');
    const id = await under.newReport(person);
    const run = await commanded(person, { status: [{ status: 'closed' }, [id]] });
    const outcome = { succeeded: false, partial: true, reason: 'model_error', error: 'Task Assigner failed' };
    await document.apply({ ...run, outcome, prepared: await prepared(run), atMs: Date.now() });
    const { status, result } = await jobOf(person, run);
    expect([status, result.error, result.patches.length]).toEqual(['failed', 'Task Assigner failed', 1]);
    expect((await reportOf(person, id)).status).toBe('closed');
  });

  it('without an agent that cites anything changes the reports that it names', async () => {
    const person = await under.newPerson('namer');
    const id = await under.newReport(person);
    await carriedOut(person, { status: [{ status: 'closed' }, []] }, { command: `Close ${id}` });
    expect((await reportOf(person, id)).status).toBe('closed');
  });

  it('that is about no report completes, says so and changes nothing', async () => {
    const person = await under.newPerson('vague');
    const id = await under.newReport(person);
    const run = await carriedOut(person, { status: [{ status: 'closed' }, []] });
    const { result, status } = await jobOf(person, run);
    expect(status).toBe('completed');
    expect(result).toMatchObject({
      patches: [],
      referencesUsed: [],
      summary: expect.stringContaining('Nothing was changed'),
    });
    expect((await reportOf(person, id)).status).toBe('completed');
  });

  it('never touches reports of another tenant or another domain', async () => {
    const [person, stranger] = await Promise.all([under.newPerson('insider'), under.newPerson('outsider')]);
    const foreign = await under.newReport(stranger);
    const elsewhere = await under.newReport(person, { domainId: 'farm' });
    const run = await carriedOut(
      person,
      { status: [{ status: 'closed' }, [foreign, elsewhere]] },
      { command: `Close ${foreign}` },
    );
    const { result } = await jobOf(person, run);
    expect(result.referencesRejected.map(({ referenceId }) => referenceId)).toEqual([foreign, elsewhere]);
    expect([result.patches, (await reportOf(stranger, foreign)).status]).toEqual([[], 'completed']);
    expect((await reportOf(person, elsewhere)).status).toBe('completed');
  });

  it('is refused as a whole where it is about more than fifty reports', async () => {
    const person = await under.newPerson('sweeper');
    const ids = await Promise.all(Array.from({ length: 51 }, () => under.newReport(person)));
    const run = await commanded(person, { status: [{ status: 'closed' }, ids] });
    const refusal = await prepared(run).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(OutcomeRefused);
    expect(refusal).toMatchObject({ fault: { code: 'too_many_targets' } });
    const error = 'Too many';
    const outcome = { succeeded: false, partial: false, reason: 'too_many_targets', error };
    await document.apply({ ...run, outcome, atMs: Date.now() });
    const { status, result } = await jobOf(person, run);
    expect([status, result.error, result.patches]).toEqual(['failed', error, []]);
    expect((await reportOf(person, ids[0] ?? '')).status).toBe('completed');
  });

  it('in review proposes, and changes nothing before a decision', async () => {
    const person = await under.newPerson('reviewer');
    const id = await under.newReport(person);
    const run = await carriedOut(
      person,
      { status: [{ status: 'closed' }, [id]] },
      { apply: ApplyMode.REVIEW },
    );
    const { result } = await jobOf(person, run);
    expect(result.summary).toContain('status closed (proposed, waits for a decision)');
    expect([(await reportOf(person, id)).status, result.referencesUsed[0]?.status]).toEqual([
      'completed',
      'completed',
    ]);
    const [patch] = await patchesOf(person, id);
    expect([patch?.status, result.patches]).toEqual([PatchStatus.PROPOSED, [patch?.patchId]]);
    await under.clients.patches.applyPatch({ patchId: patch?.patchId ?? '' }, under.as(person));
    expect((await reportOf(person, id)).status).toBe('closed');
  });

  it('with two agents for one path takes the later one, and every proposal can still be applied', async () => {
    const person = await under.newPerson('undecided');
    const id = await under.newReport(person);
    const run = await commanded(
      person,
      {
        details: [{ field: 'priority', value: 'low' }, [id]],
        other: [{ task_details: { priority: 'high' }, risk: 3 }, [id]],
      },
      { apply: ApplyMode.REVIEW },
    );
    const effects = await prepared(run);
    expect(managementConflicts(effects)).toMatchObject([
      { key: 'management_data.task_details.priority', kept: { value: 'high' }, dropped: [{ value: 'low' }] },
    ]);
    await applied(run, effects);
    const patches = await patchesOf(person, id);
    expect(patches.map(({ agentId }) => agentId)).toEqual([agents.other[0]]);
    await under.clients.patches.applyPatch({ patchId: patches[0]?.patchId ?? '' }, under.as(person));
    expect((await reportOf(person, id)).managementData).toMatchObject({
      task_details: { priority: 'high' },
      risk: 3,
    });
  });
});

describe('applying again', () => {
  it('changes nothing more, also when a patch was decided otherwise in between', async () => {
    const person = await under.newPerson('repeater');
    const ids = [await under.newReport(person), await under.newReport(person)];
    const run = await commanded(person, { status: [{ status: 'closed' }, ids] });
    const effects = await prepared(run);
    const at = new Date();
    await applied(run, effects, at);
    const [before] = await patchesOf(person, ids[0] ?? '');
    await under.clients.patches.revertPatch({ patchId: before?.patchId ?? '' }, under.as(person));
    const [report, job] = [await reportOf(person, ids[0] ?? ''), await jobOf(person, run)];
    await applied(run, effects, at);
    expect(await reportOf(person, ids[0] ?? '')).toEqual(report);
    expect(await jobOf(person, run)).toEqual(job);
    expect(await patchesOf(person, ids[1] ?? '')).toHaveLength(1);
  });

  it('goes on where it was broken off', async () => {
    const person = await under.newPerson('broken');
    const ids = await Promise.all(Array.from({ length: 4 }, () => under.newReport(person)));
    const run = await commanded(person, { status: [{ status: 'closed' }, ids] });
    const effects = await prepared(run);
    let made = 0;
    const makePatch: typeof under.clients.patches.makePatch = async (request, options) => {
      made += 1;
      if (made > 2) throw new Error('the process ended');
      return under.clients.patches.makePatch(request, options);
    };
    const patches = { ...under.clients.patches, makePatch };
    const dying = createManagementDocument({ ...under.clients, patches }, under.callsOf, log);
    const end = { ...run, outcome: succeeded, prepared: effects, atMs: Date.now() };
    await expect(dying.apply(end)).rejects.toThrow('the process ended');
    await document.apply(end);
    const counts = await Promise.all(ids.map(async (id) => (await patchesOf(person, id)).length));
    expect(counts).toEqual([1, 1, 1, 1]);
    expect((await jobOf(person, run)).result.patches).toHaveLength(4);
  });

  it('tells a report that was deleted meanwhile and one that needed no change, and changes the others', async () => {
    const person = await under.newPerson('late');
    const ids = [await under.newReport(person), await under.newReport(person), await under.newReport(person)];
    await carriedOut(person, { status: [{ status: 'closed' }, ids.slice(1, 2)] });
    const run = await commanded(person, { status: [{ status: 'closed' }, ids] });
    const effects = await prepared(run);
    await under.deleteReport(person, ids[0] ?? '');
    expect(await applied(run, effects)).toBe(
      'The command was about 3 reports: 1 changed, 1 with nothing to change, 1 deleted meanwhile.',
    );
    const { result, status } = await jobOf(person, run);
    expect([status, result.referencesUsed.map(({ referenceId }) => referenceId)]).toEqual([
      'completed',
      [ids[2]],
    ]);
    expect(result.summary).toContain(`the report was deleted meanwhile [${ids[0]}]`);
    expect(result.summary).toContain(`it was so already [${ids[1]}]`);
  });

  it('tells a report that cannot hold the change, and changes the others', async () => {
    const person = await under.newPerson('heavy');
    const ids = [await under.newReport(person), await under.newReport(person)];
    const text = (length: number) => 'x'.repeat(length);
    await carriedOut(person, { other: [{ first: text(40_000) }, ids.slice(0, 1)] });
    const run = await carriedOut(person, { other: [{ second: text(40_000) }, ids] });
    const { result, status } = await jobOf(person, run);
    expect(status).toBe('completed');
    expect(result.referencesUsed.map(({ referenceId }) => referenceId)).toEqual([ids[1]]);
    expect(result.summary).toContain('1 that could not hold the change');
  });
});
