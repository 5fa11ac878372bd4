// A replica in a process of its own, as a test holds it: told what to do, listened to, and ended by real signals. Its agents and documents are
// performed here.
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { AttemptNote } from '../../services/orchestrator/clients/invoke-agent.ts';
import type { ExecutionRecord } from '../../services/orchestrator/core/execution-record.ts';
import type { CacheLook } from '../../services/orchestrator/engine/output-cache.ts';
import type { ExecutionKey } from '../../services/orchestrator/store/store.ts';
import { type Agents, attemptKey } from './agents.for-test.ts';
import { type CrashSites, createCrashSites } from './crash-sites.for-test.ts';
import type { Documents } from './documents.for-test.ts';
import type {
  Answer,
  Ask,
  CrashPoint,
  FromReplica,
  ReplicaOptions,
  StartFault,
  ToReplica,
} from './replica-messages.for-test.ts';
import type { Usage } from './replica-usage.for-test.ts';

const program = join(import.meta.dirname, 'engine-replica.for-test.ts');

/** What lies outside every replica. */
export interface World {
  readonly agents: Agents;
  readonly documents: Documents;
  readonly lookUp: (executionId: string, nodeId: string) => CacheLook;
  /** Attempts that were asked for before their beginning, or after their end, was recorded. There must be none. */
  readonly untimely: string[];
}

/** How a process ended. */
export interface ReplicaExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A replica. */
export interface Replica {
  readonly name: string;
  readonly pid: number;
  /** Resolves once it has ended and everything that it told has been heard. */
  readonly exited: Promise<ReplicaExit>;
  /** Everything that it has told, in order; what it asked for apart. */
  readonly told: readonly FromReplica[];
  /** Resolves with the first thing told that fits, be it an earlier one. */
  hears(fits: (told: FromReplica) => boolean): Promise<FromReplica>;
  /** The same, but no earlier one. */
  hearsNext(fits: (told: FromReplica) => boolean): Promise<FromReplica>;
  /** Begins to run; dies at the point if there is one. Resolves once it runs, or has died. */
  begin(point?: CrashPoint): Promise<void>;
  /** It dies at the point from now on; undefined lets it live. */
  arm(point: CrashPoint | undefined): void;
  start(record: ExecutionRecord): Promise<'started' | 'died' | StartFault>;
  /** Brings the stored commands of an execution. */
  deliver(key: ExecutionKey): void;
  /** What its process has used so far. */
  usage(): Promise<Usage>;
  signal(signal: NodeJS.Signals): void;
}

/** Starts the process. It does nothing before it is told to begin, so that it may stand by. */
export function startReplica(options: ReplicaOptions, world: World): Replica {
  const child = fork(program, [JSON.stringify(options)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...process.env, ...(options.compiledDir ? { NODE_COMPILE_CACHE: options.compiledDir } : {}) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const sites = createCrashSites((signal) => child.kill(signal));
  const exited = exitOf(child);
  const line = listen(child, createAskedWork(child, world, sites));
  let calls = 0;
  return {
    name: options.name,
    pid: child.pid ?? 0, // a forked process has an id
    exited,
    told: line.told,
    hears: line.hears,
    hearsNext: line.hearsNext,
    async begin(point) {
      sites.arm(point);
      send(child, { type: 'begin', point });
      await Promise.race([line.hears(({ type }) => type === 'begun'), exited]);
    },
    arm(point) {
      sites.arm(point);
      send(child, { type: 'point', point });
    },
    async start(record) {
      calls += 1;
      const call = calls;
      send(child, { type: 'start', call, record });
      const told = await Promise.race([
        line.hears((said) => said.type === 'started' && said.call === call),
        exited.then(() => undefined),
      ]);
      if (!told) return 'died';
      return (told.type === 'started' && told.fault) || 'started';
    },
    deliver: (key) => send(child, { type: 'deliver', key }),
    async usage() {
      const answer = line.hearsNext(({ type }) => type === 'usage');
      send(child, { type: 'usage' });
      const told = await answer;
      if (told.type !== 'usage') throw new Error('another answer than was asked for');
      return told;
    },
    signal: (signal) => void child.kill(signal),
  };
}

async function exitOf(child: ChildProcess): Promise<ReplicaExit> {
  const silent = new Promise<void>((resolve) => child.once('disconnect', resolve));
  const ended = new Promise<ReplicaExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await silent;
  return await ended;
}

// One that has died hears nothing.
function send(child: ChildProcess, told: ToReplica): void {
  if (child.connected) child.send(told, () => undefined);
}

function listen(child: ChildProcess, perform: (told: FromReplica) => void) {
  const told: FromReplica[] = [];
  const waiting = new Set<(said: FromReplica) => void>();
  child.on('message', (said: FromReplica) => {
    perform(said);
    if (said.type === 'ask' || said.type === 'cancel') return;
    told.push(said);
    for (const look of waiting) look(said);
  });
  const hearsNext = (fits: (said: FromReplica) => boolean): Promise<FromReplica> =>
    new Promise((resolve) => {
      const look = (said: FromReplica): void => {
        if (!fits(said)) return;
        waiting.delete(look);
        resolve(said);
      };
      waiting.add(look);
    });
  const hears = async (fits: (said: FromReplica) => boolean): Promise<FromReplica> =>
    told.find(fits) ?? (await hearsNext(fits));
  return { told, hears, hearsNext };
}

// Agents and documents of this process. What it asks for when it was killed is done or not, as the point of its death wants.
function createAskedWork(child: ChildProcess, world: World, { at }: CrashSites) {
  const { agents, documents, lookUp, untimely } = world;
  const begun = new Set<string>();
  const ended = new Set<string>();
  const attempts = new Map<number, Extract<Ask, { verb: 'invoke' }>>();

  async function answerOf(call: number, ask: Ask): Promise<Answer> {
    const { executionId } = ask;
    switch (ask.verb) {
      case 'invoke': {
        const key = attemptKey(ask);
        if (!ask.repeated && !begun.has(key))
          untimely.push(`${key} was run before its beginning was recorded`);
        if (ended.has(key)) untimely.push(`${key} was run after its end was recorded`);
        const tell = (note: AttemptNote): void => send(child, { type: 'note', call, note });
        return agents.ask(ask, { pid: child.pid ?? 0, tell });
      }
      case 'look_up':
        return lookUp(executionId, ask.nodeId);
      case 'place':
        documents.place(executionId);
        return null;
      case 'prepare':
        return documents.prepare(executionId);
      case 'apply':
        documents.apply(executionId, ask.end);
        return null;
    }
  }

  return (told: FromReplica): void => {
    if (told.type === 'appended') {
      for (const key of told.begun) begun.add(key);
      for (const key of told.ended) ended.add(key);
    }
    if (told.type === 'cancel') {
      const attempt = attempts.get(told.call);
      if (attempt) setImmediate(() => agents.cancel(attempt)); // what was asked before comes first
    }
    if (told.type !== 'ask') return;
    const { call, ask } = told;
    if (ask.verb === 'invoke') attempts.set(call, ask);
    void at([ask.verb], () => answerOf(call, ask)).then((answer) =>
      send(child, { type: 'answer', call, answer }),
    );
  };
}
