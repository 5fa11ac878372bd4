// Every transition of workers, tasks and workflows (SPEC S16) as API v2 shows it: what is legal leads where the table says and leaves its audit
// entry, what is not is refused with 409 and leaves everything as it was.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { RawAnswer } from './raw-client.ts';
import { startTestMesh, type TestMesh } from './test-mesh.ts';
import {
  inDatabase,
  type Kind,
  newCapability,
  type Row,
  stageWork,
  type WorkStage,
} from './work-stage.for-test.ts';

jest.setTimeout(60_000);

let mesh: TestMesh;
let stage: WorkStage;

beforeAll(async () => {
  mesh = await startTestMesh();
  stage = await stageWork(mesh, 'acme');
});

afterAll(() => mesh?.close());

/** What a verb leads to: the row after, with an entry of this operation unless nothing is written down; or what the refusal says. */
type Outcome =
  | { readonly row: Row; readonly entry?: string; readonly status?: number }
  | { readonly refused: RegExp };

const refused = (says: RegExp): Outcome => ({ refused: says });

interface Judged {
  readonly kind: Kind;
  readonly id: string;
  readonly outcome: Outcome;
}

/** Asks, and holds what follows against the table. */
async function judge({ kind, id, outcome }: Judged, ask: () => Promise<RawAnswer>): Promise<void> {
  const before = await stage.told(kind, id);
  const entries = (await stage.operations(id)).length;
  const { status, body } = await ask();
  const said = `${body?.detail ?? ''}`;
  if ('refused' in outcome) {
    expect([status, said]).toEqual([409, expect.stringMatching(outcome.refused)]);
    expect(body).toMatchObject({ error_code: 'ERR_409', message: said });
    expect(await stage.told(kind, id)).toEqual(before);
    return;
  }
  expect([status, said]).toEqual([outcome.status ?? 200, '']);
  expect(await stage.row(kind, id)).toMatchObject(outcome.row);
  const after = await stage.operations(id);
  expect(after.slice(0, after.length - entries)).toEqual(outcome.entry ? [outcome.entry] : []);
}

/** A test for each state: all its verbs are tried at once, each on an object of its own. */
function table<State extends string, Verb extends string>(
  rows: Readonly<Record<State, Readonly<Record<Verb, Outcome>>>>,
  check: (state: State, verb: Verb, outcome: Outcome) => Promise<void>,
): void {
  it.each(Object.keys(rows) as State[])('%s', async (state) => {
    const verbs = Object.entries<Outcome>(rows[state]) as [Verb, Outcome][];
    const ends = await Promise.allSettled(verbs.map(([verb, outcome]) => check(state, verb, outcome)));
    const faults = ends.flatMap((end, at) =>
      end.status === 'rejected' ? [`${verbs[at]?.[0]}: ${end.reason.message}`] : [],
    );
    expect(faults).toEqual([]);
  });
}

const fault = { error_code: 'tool_error', error_message: 'It broke' };
const output = { output: { potholes: 2 } };

describe('a worker that is', () => {
  const states = {
    idle: async () => undefined,
    busy: async ({ id, capability }: Staged) => {
      await stage.create(capability, { auto_dispatch: true, max_retries: 0 });
      await stage.claim(id);
    },
    'offline by its own word': ({ id }: Staged) => verbs['heartbeat offline']({ id }),
    'offline by silence': ({ id }: Staged) =>
      // Its last sign of life is long ago, and nobody has seen one since.
      inDatabase(mesh, silence, [id, 'offline']),
    // As a breaker leaves it, which only workers have that are called.
    'in error': ({ id }: Staged) => inDatabase(mesh, silence, [id, 'error']),
    deactivated: ({ id }: Staged) => verbs.deactivate({ id }),
    removed: ({ id }: Staged) => verbs.remove({ id }),
  };
  interface Staged {
    readonly id: string;
    readonly capability: string;
    readonly name: string;
  }
  type Named = Pick<Staged, 'id'> & Partial<Staged>;
  const silence = `update orchestrator.workers set status = $2, retry_at = null,
    last_seen = case when $2 = 'error' then last_seen else clock_timestamp() - interval '1 day' end where id = $1`;
  const post = (path: string, body: object = {}) => stage.raw('POST', `/api/v2/${path}`, { body });
  const bulk =
    (operation: string) =>
    ({ id }: Named) =>
      post(`agents/bulk/${operation}`, { agent_ids: [id] });
  const verbs = {
    heartbeat: ({ id }: Named) => post(`agents/${id}/heartbeat`),
    'heartbeat offline': ({ id }: Named) => post(`agents/${id}/heartbeat`, { status: 'offline' }),
    claim: ({ id }: Named) => post(`agents/${id}/tasks/claim`, { wait_s: 0 }),
    assign: async ({ id }: Named) => post(`tasks/${await stage.create(newCapability())}/assign/${id}`),
    change: ({ id }: Named) => stage.raw('PUT', `/api/v2/agents/${id}`, { body: { version: '2.0.0' } }),
    remove: ({ id }: Named) => stage.raw('DELETE', `/api/v2/agents/${id}`),
    activate: bulk('activate'),
    deactivate: bulk('deactivate'),
    'reset status': bulk('reset_status'),
    'register again': ({ capability = '', name = '' }: Named) =>
      post('agents/register', { type: 'detector', name, protocol: 'pull', capabilities: [capability] }),
  };
  const [idle, busy, offline, error] = ['idle', 'busy', 'offline', 'error'].map((status) => ({ status }));
  const out = { status: 'offline', is_active: true };
  const gone = { status: 'offline', is_active: false };
  const notGiven = (status: string) => refused(new RegExp(`worker is ${status}: it cannot be given tasks`));
  const wasRemoved = refused(/removed: it must register again/);
  const to = (row: Row = {}, entry?: string): Outcome => ({ row, ...(entry ? { entry } : {}) });
  // An entry about many names the operation and none of them.
  const always = { change: 'agent_update', remove: 'agent_removal', register: 'agent_registration' };
  const again = (row: Row = {}): Outcome => to(row, always.register);
  const isBack = {
    ...{ heartbeat: to(idle), 'heartbeat offline': to(offline), activate: to(idle), deactivate: to(out) },
    ...{ 'reset status': to(idle), remove: to(gone, always.remove), 'register again': again(idle) },
  };
  table<keyof typeof states, keyof typeof verbs>(
    {
      idle: { ...isBack, claim: to(idle), assign: to(busy), change: to(idle, always.change) },
      busy: {
        ...isBack,
        ...{ heartbeat: to(busy), claim: to(busy), assign: to(busy), change: to(busy, always.change) },
        ...{ activate: to(busy), 'register again': again(busy) },
      },
      'offline by its own word': {
        ...isBack,
        ...{ claim: to(idle), assign: notGiven('offline'), change: to(out, always.change) },
      },
      'offline by silence': {
        ...isBack,
        ...{ claim: to(idle), assign: notGiven('offline'), change: to(out, always.change) },
      },
      'in error': {
        ...isBack,
        ...{ claim: to(error), assign: notGiven('in error'), change: to(error, always.change) },
      },
      deactivated: {
        ...isBack,
        ...{ heartbeat: to(out), claim: refused(/deactivated: it is given no tasks/) },
        ...{ assign: notGiven('deactivated'), change: to(out, always.change), 'register again': again(out) },
      },
      removed: {
        ...{ heartbeat: wasRemoved, 'heartbeat offline': wasRemoved, change: wasRemoved },
        ...{ claim: refused(/removed: it must register again/), assign: notGiven('removed') },
        ...{ remove: to(gone), activate: to(gone), deactivate: to(gone), 'reset status': to(gone) },
        'register again': again({ ...idle, is_active: true }),
      },
    },
    async (state, verb, outcome) => {
      const capability = newCapability();
      const id = await stage.register(capability);
      const { name } = (await stage.row('agents', id)) as { readonly name: string };
      await states[state]({ id, capability, name });
      await judge({ kind: 'agents', id, outcome }, () => verbs[verb]({ id, capability, name }));
    },
  );

  it('busy gives its tasks back when it is reset, deactivated or removed, and they use up no retry', async () => {
    for (const verb of ['reset status', 'deactivate', 'remove'] as const) {
      const capability = newCapability();
      const [id, other] = [await stage.register(capability), await stage.register(capability)];
      const task = await stage.create(capability, { auto_dispatch: true, max_retries: 0 });
      expect((await stage.claim(id)).tasks).toMatchObject([{ task_id: task, attempt: 1 }]);
      await verbs[verb]({ id });
      expect(await stage.row('tasks', task)).toMatchObject({ status: 'pending', attempt: 1, retry_count: 0 });
      expect(await stage.row('agents', id)).toMatchObject({ current_task_id: null, running_tasks: 0 });
      expect((await stage.answer(task, 1, output)).status).toBe(409);
      expect((await stage.claim(other)).tasks).toMatchObject([{ task_id: task, attempt: 2 }]);
      expect((await stage.answer(task, 2, output)).body).toMatchObject({ status: 'completed' });
      expect(await stage.row('agents', other)).toMatchObject({ status: 'idle', current_task_id: null });
    }
  });

  it('removed is told as an error of a bulk operation, which leaves its entry and changes nothing', async () => {
    const id = await stage.register(newCapability());
    await verbs.remove({ id });
    const before = await stage.row('agents', id);
    for (const operation of ['activate', 'deactivate', 'reset_status']) {
      const { body } = await bulk(operation)({ id });
      expect(body).toMatchObject({ updated_count: 0, error_count: 1, status: 'partial' });
      expect(body.errors).toMatchObject([{ agent_id: id, message: expect.stringMatching(/removed/) }]);
    }
    expect(await stage.row('agents', id)).toEqual(before);
    const query = { operation_type: 'bulk_agent_operation' } as const;
    const { entries } = await stage.api.get('/api/v1/audit', { query });
    expect(entries[0]).toMatchObject({ status: 'failure', entity_id: 'reset_status' });
  });

  it('activated after a long silence stays idle for as long as any other without a sign of life', async () => {
    const id = await stage.register(newCapability());
    await states['offline by silence']({ id, capability: '', name: '' });
    await verbs.activate({ id });
    // Another that falls silent now is found by the same look that would find this one.
    const silent = await stage.register(newCapability());
    await inDatabase(mesh, silence, [silent, 'idle']);
    await stage.onceRow('agents', silent, ({ status }) => status === 'offline');
    expect(await stage.row('agents', id)).toMatchObject(idle ?? {});
  });
});

describe('a task that is', () => {
  interface Staged {
    readonly id: string;
    readonly worker: string;
    readonly other: string;
  }
  const dispatched = { auto_dispatch: true } as const;
  const running = async (staged: Staged) => {
    await verbs.execute(staged);
    await stage.claim(staged.worker);
  };
  const states = {
    pending: async () => undefined,
    dispatched: (staged: Staged) => verbs.execute(staged),
    assigned: ({ id, worker }: Staged) => verbs.assign({ id, other: worker }),
    running,
    retrying: async (staged: Staged) => {
      await running(staged);
      // While its run is paused the time of its next attempt does not come.
      await stage.steer(await stage.jobOf('tasks', staged.id), 'pause');
      await stage.answer(staged.id, 1, fault);
      await stage.onceRow('tasks', staged.id, ({ state }) => state === 'retrying');
    },
    completed: async (staged: Staged) => {
      await running(staged);
      await stage.answer(staged.id, 1, output);
    },
    failed: async (staged: Staged) => {
      await running(staged);
      await stage.answer(staged.id, 1, { ...fault, error_code: 'output_invalid' });
    },
    cancelled: ({ id }: Staged) => verbs.cancel({ id }),
    paused: async ({ id }: Staged) => stage.steer(await stage.jobOf('tasks', id), 'pause'),
  };
  type Named = Pick<Staged, 'id'> & Partial<Staged>;
  const verbs = {
    execute: ({ id }: Named) => stage.raw('POST', `/api/v2/tasks/${id}/execute`),
    assign: ({ id, other = '' }: Named) => stage.raw('POST', `/api/v2/tasks/${id}/assign/${other}`),
    cancel: ({ id }: Named) => stage.raw('DELETE', `/api/v2/tasks/${id}`),
    'answer attempt 1': ({ id }: Named) => stage.answer(id, 1, output),
    'answer attempt 2': ({ id }: Named) => stage.answer(id, 2, output),
  };
  const notHad = refused(/attempt is not the worker’s any more, or never was/);
  const answered = refused(/answered before with something else/);
  const cancelled: Outcome = { row: { status: 'cancelled' }, entry: 'task_cancellation' };
  const completed: Outcome = { row: { status: 'completed', result: output.output } };
  const assigned: Outcome = {
    row: { status: 'running', attempt: 1, started_at: expect.any(String) },
    entry: 'task_assignment',
  };
  const never = (state: string) => ({
    execute: refused(new RegExp(`task is ${state}: it cannot be dispatched`)),
    assign: refused(new RegExp(`task is ${state}: only a pending one can be assigned`)),
    cancel: refused(new RegExp(`task is ${state}: it cannot be cancelled`)),
    'answer attempt 2': notHad,
  });
  const waits = {
    assign: assigned,
    cancel: cancelled,
    'answer attempt 1': notHad,
    'answer attempt 2': notHad,
  };
  table<keyof typeof states, keyof typeof verbs>(
    {
      pending: {
        ...waits,
        execute: { row: { status: 'pending', ...dispatched }, entry: 'task_execution', status: 202 },
      },
      dispatched: { ...waits, execute: { row: { status: 'pending', ...dispatched }, status: 202 } },
      paused: {
        ...waits,
        execute: refused(/run of the task is paused/),
        assign: refused(/run of the task is paused/),
      },
      assigned: { ...never('running'), cancel: cancelled, 'answer attempt 1': completed },
      running: { ...never('running'), cancel: cancelled, 'answer attempt 1': completed },
      retrying: { ...never('retrying'), cancel: cancelled, 'answer attempt 1': notHad },
      completed: { ...never('completed'), 'answer attempt 1': completed },
      failed: { ...never('failed'), 'answer attempt 1': answered },
      cancelled: { ...never('cancelled'), 'answer attempt 1': notHad },
    },
    async (state, verb, outcome) => {
      const capability = newCapability();
      const [worker, other] = [await stage.register(capability), await stage.register(capability)];
      const staged = { id: await stage.create(capability), worker, other };
      await states[state](staged);
      await judge({ kind: 'tasks', id: staged.id, outcome }, () => verbs[verb](staged));
      const isRunning = 'row' in outcome && outcome.row.status === 'running';
      const current = { current_task_id: staged.id, status: 'busy' };
      if (isRunning) expect(await stage.row('agents', other)).toMatchObject(current);
    },
  );
});

describe('a workflow that is', () => {
  interface Staged {
    readonly id: string;
    readonly worker: string;
  }
  const running = ({ id }: Staged) => verbs.execute({ id });
  const end = async (staged: Staged, body: object): Promise<void> => {
    await running(staged);
    const isEnded = async () =>
      ['completed', 'failed'].includes(String((await stage.row('workflows', staged.id)).status));
    while (!(await isEnded())) {
      const { tasks } = await stage.claim(staged.worker);
      for (const { task_id, attempt } of tasks) await stage.answer(task_id, attempt, body);
    }
  };
  const states = {
    created: async () => undefined,
    scheduled: async () => undefined,
    running,
    paused: async (staged: Staged) => {
      await running(staged);
      await stage.steer(await stage.jobOf('workflows', staged.id), 'pause');
    },
    completed: (staged: Staged) => end(staged, output),
    failed: (staged: Staged) => end(staged, { ...fault, error_code: 'output_invalid' }),
    'cancelled before its first run': ({ id }: Staged) => verbs.cancel({ id }),
    'cancelled in its run': async (staged: Staged) => {
      await running(staged);
      await verbs.cancel(staged);
    },
  };
  type Named = Pick<Staged, 'id'>;
  const verbs = {
    execute: ({ id }: Named) => stage.raw('POST', `/api/v2/workflows/${id}/execute`),
    cancel: ({ id }: Named) => stage.raw('DELETE', `/api/v2/workflows/${id}`),
  };
  const states16 = (...two: readonly string[]) => ({ tasks: two.map((state) => ({ state })) });
  const executed: Outcome = {
    row: { status: 'running', ...states16('pending', 'waiting') },
    ...{ entry: 'workflow_execution', status: 202 },
  };
  const cancelled = (...two: readonly string[]): Outcome => ({
    row: { status: 'cancelled', next_fire_at: null, ...states16(...two) },
    entry: 'workflow_cancellation',
  });
  const underWay = refused(/An execution of the workflow is under way/);
  const ended = (state: string) =>
    refused(new RegExp(`workflow is ${state}: nothing of it can be cancelled`));
  table<keyof typeof states, keyof typeof verbs>(
    {
      created: { execute: executed, cancel: cancelled('cancelled', 'cancelled') },
      scheduled: { execute: executed, cancel: cancelled('cancelled', 'cancelled') },
      running: { execute: underWay, cancel: cancelled('cancelled', 'skipped') },
      paused: { execute: underWay, cancel: cancelled('cancelled', 'skipped') },
      completed: { execute: executed, cancel: ended('completed') },
      failed: { execute: executed, cancel: ended('failed') },
      'cancelled before its first run': { execute: executed, cancel: ended('cancelled') },
      'cancelled in its run': { execute: executed, cancel: ended('cancelled') },
    },
    async (state, verb, outcome) => {
      const capability = newCapability();
      const worker = await stage.register(capability);
      const schedule = state === 'scheduled' ? { schedule: '0 6 1 1 *' } : {};
      const id = await stage.createWorkflow(capability, schedule);
      await states[state]({ id, worker });
      await judge({ kind: 'workflows', id, outcome }, () => verbs[verb]({ id }));
    },
  );

  it('not executed has tasks that nobody executes, assigns or cancels', async () => {
    const capability = newCapability();
    const [worker, id] = [await stage.register(capability), await stage.createWorkflow(capability)];
    for (const task of await tasksOf(id)) {
      for (const [method, path] of singly(task, worker)) {
        const outcome = refused(method === 'DELETE' ? /cancel the workflow/ : /task is waiting/);
        await judge({ kind: 'tasks', id: task, outcome }, () => stage.raw(method, path));
      }
    }
    expect((await stage.claim(worker)).tasks).toEqual([]);
  });

  it('executed has tasks of which the first can be assigned, and none cancelled alone', async () => {
    const capability = newCapability();
    const [worker, id] = [await stage.register(capability), await stage.createWorkflow(capability)];
    await verbs.execute({ id });
    const [first = '', then = ''] = await tasksOf(id);
    const judged = async (task: string, verb: 'execute' | 'assign' | 'cancel', outcome: Outcome) => {
      const [method, path] = singly(task, worker)[['execute', 'assign', 'cancel'].indexOf(verb)] ?? ['', ''];
      await judge({ kind: 'tasks', id: task, outcome }, () => stage.raw(method, path));
    };
    await judged(then, 'execute', refused(/task is waiting/));
    await judged(then, 'assign', refused(/task is waiting/));
    await judged(then, 'cancel', refused(/cancel the workflow/));
    await judged(first, 'cancel', refused(/cancel the workflow/));
    await judged(first, 'execute', { row: { status: 'pending' }, status: 202 });
    await judged(first, 'assign', {
      row: { status: 'running', assigned_agent_id: worker },
      entry: 'task_assignment',
    });
    await judged(first, 'cancel', refused(/cancel the workflow/));
    await verbs.cancel({ id });
    for (const [task, state] of [
      [first, 'cancelled'],
      [then, 'skipped'],
    ] as const) {
      for (const verb of ['execute', 'assign', 'cancel'] as const) {
        await judged(task, verb, refused(new RegExp(`task is ${state}`)));
      }
    }
    expect((await stage.answer(first, 1, output)).status).toBe(409);
  });

  async function tasksOf(id: string): Promise<readonly string[]> {
    return ((await stage.row('workflows', id)).tasks as readonly { readonly id: string }[]).map(
      (task) => task.id,
    );
  }

  const singly = (task: string, worker: string): readonly (readonly [string, string])[] => [
    ['POST', `/api/v2/tasks/${task}/execute`],
    ['POST', `/api/v2/tasks/${task}/assign/${worker}`],
    ['DELETE', `/api/v2/tasks/${task}`],
  ];
});
