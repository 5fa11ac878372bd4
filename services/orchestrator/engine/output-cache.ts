// Outputs that executions share (SPEC S6.5): what one has computed, or is computing now, another need not compute. Nothing is stored here: the
// engine stores an output together with the event that records it. Failures are not shared.
import type { Clock } from '../../../foundation/clock.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { Metrics } from '../../../foundation/telemetry/metrics.ts';
import { type Agent, AgentRuntime } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { ReadRevision } from '../clients/data-revision.ts';
import type { DescribeAgent, DescribedRuntime } from '../clients/describe-agent.ts';
import type { ReadSettings } from '../clients/settings-revision.ts';
import { type CacheIngredients, cacheKey, mayReadReports, mayReadSettings } from '../core/cache-key.ts';
import type { CachedAnswer } from '../core/decision/decision.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import { jobOf } from '../core/job-input.ts';
import type { OutputStore } from '../store/store.ts';
import type { EndOfOutput } from './output-cache-ends.ts';
import { createLooks, type Look } from './output-cache-looks.ts';
import { createOutputCacheMetrics, type OutputCacheMetrics } from './output-cache-metrics.ts';
import { createPromises, type Promises } from './output-cache-promises.ts';
import { createTurns, type Turn, type Turns } from './output-cache-turns.ts';

/** What would be computed. */
export interface CacheQuestion {
  readonly execution: StoredExecution;
  readonly agent: Agent;
  readonly taskId: string;
  readonly input: JsonObject;
  /** How long an attempt may take, and how long it is waited for one of somebody else. In milliseconds. */
  readonly attemptTimeoutMs: number;
  /** False once the task needs no answer any more. */
  readonly isWanted: () => boolean;
}

/** What a look led to. */
export interface CacheLook {
  /** Under what the output is kept, 64 hex digits; absent when it is not to be kept. */
  readonly key?: string;
  /** Which settings of the tenant the key stands for; absent for agents that read none. */
  readonly settingsRevision?: string;
  /** On what the agent has to run for its output to be kept under the key; there whenever the key is. */
  readonly fingerprint?: string;
  readonly found?: CachedAnswer;
  /** Present when others may wait for this output: to be called once, when it is recorded or is known not to be. */
  readonly end?: EndOfOutput;
}

/** Finds outputs. They are stored by the engine, together with the event that records them. */
export interface OutputCache {
  /** Never throws: what cannot be looked up is not found. */
  lookUp(question: CacheQuestion): Promise<CacheLook>;
}

/** Keeps nothing. */
export const noOutputCache: OutputCache = { lookUp: async () => ({}) };

/** Times of a cache, in milliseconds. */
export interface CacheRhythm {
  /** A look that takes longer has found nothing. */
  readonly lookMs: number;
  /** A promise to other processes counts for this long after the last sign of life of who gave it. */
  readonly promiseMs: number;
  /** Between two signs of life. */
  readonly renewMs: number;
  /** Between two looks for what another process has promised. */
  readonly pollMs: number;
}

/** The times in production. */
export const usualCacheRhythm: CacheRhythm = {
  lookMs: 1_000,
  promiseMs: 5_000,
  renewMs: 1_000,
  pollMs: 250,
};

/** What a cache needs. */
export interface OutputCacheDeps {
  readonly store: OutputStore;
  /** The state of the reports that an agent may read. */
  readonly readRevision: ReadRevision;
  /** The state of the tenant's settings, which builtin agents read, and some tools. */
  readonly readSettings: ReadSettings;
  /** On what an agent would run. */
  readonly describe: DescribeAgent;
  /** Only spans of time are read from it. */
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Absent means the usual one. */
  readonly rhythm?: CacheRhythm;
}

/** What the steps of a look share. */
interface Machine {
  readonly readRevision: ReadRevision;
  readonly readSettings: ReadSettings;
  readonly describe: DescribeAgent;
  readonly clock: Clock;
  readonly rhythm: CacheRhythm;
  readonly look: Look;
  readonly promises: Promises;
  readonly turns: Turns;
  readonly metrics: OutputCacheMetrics;
}

/** A cache over the outputs of all tenants. */
export function createOutputCache(deps: OutputCacheDeps): OutputCache {
  const { store, readRevision, readSettings, describe, clock, log, rhythm = usualCacheRhythm } = deps;
  const turns = createTurns();
  const metrics = createOutputCacheMetrics(deps.metrics, turns.count);
  const look = createLooks(store, rhythm);
  const promises = createPromises({ store, rhythm, log });
  const reading = { readRevision, readSettings, describe };
  const machine: Machine = { ...reading, clock, rhythm, look, promises, turns, metrics };
  return {
    async lookUp(question) {
      const led = await lookUp(machine, question).catch((error: unknown): CacheLook => {
        log.warn({ err: error, execution_id: question.execution.id }, 'An output could not be looked up');
        return {};
      });
      metrics.looked(led);
      return led;
    },
  };
}

async function lookUp(machine: Machine, question: CacheQuestion): Promise<CacheLook> {
  const described = await machine.describe(question.execution, question.agent);
  const basis = described && (await basisOf(machine, question, described));
  if (described === undefined || basis === undefined) return {};
  const { settings: settingsRevision } = basis;
  const { fingerprint } = described;
  const key = cacheKey(basis);
  // Whoever repeats a run wants its tasks to run; what comes of them serves others.
  const isRepeated = question.execution.rerunOf !== undefined;
  const untilMs = machine.clock() + question.attemptTimeoutMs;
  const led = isRepeated ? { key } : await inTurn(machine, { ...question, key, untilMs, described });
  return { ...led, fingerprint, ...(settingsRevision === undefined ? {} : { settingsRevision }) };
}

/** Undefined when it cannot be told which reports or settings the agent would read, and for an output that is not to be kept. */
async function basisOf(
  machine: Machine,
  question: CacheQuestion,
  described: DescribedRuntime,
): Promise<CacheIngredients | undefined> {
  const { execution, agent, input } = question;
  if (!isKept(agent, described)) return undefined;
  const { tenantId, kind, domainId } = execution;
  const images = agent.settings?.images ? (jobOf(execution.input).images ?? []) : [];
  const basis = described.fingerprint;
  const base = { tenantId, kind, agent: describedAgent(agent), basis, input, images };
  const readsReports = mayReadReports(agent.tools);
  const readsSettings = isBuiltin(described) || mayReadSettings(agent.tools);
  const [revision, settings] = await Promise.all([
    readsReports ? machine.readRevision(execution) : undefined,
    readsSettings ? machine.readSettings(execution) : undefined,
  ]);
  if ((readsReports && revision === undefined) || (readsSettings && settings === undefined)) return undefined;
  return {
    ...base,
    ...(revision === undefined ? {} : { data: { domainId, revision } }),
    ...(settings === undefined ? {} : { settings }),
  };
}

/** What no setting of the agent says is kept of skills of the platform alone (SPEC E5.3): not where the deployment runs them on a model. */
function isKept({ settings }: Agent, described: DescribedRuntime): boolean {
  return settings?.cacheTtlS !== undefined || isBuiltin(described);
}

function describedAgent({ agentId, version, systemPrompt, tools, outputSchema = {}, settings }: Agent) {
  const runtime = String(settings?.runtime ?? AgentRuntime.UNSPECIFIED);
  return { agentId, version, runtime, systemPrompt, model: settings?.model ?? '', tools, outputSchema };
}

interface Search extends CacheQuestion {
  readonly key: string;
  readonly described: DescribedRuntime;
  /** How long others are waited for, by the cache's clock. */
  readonly untilMs: number;
}

// In this process one at a time looks for an output and computes it; the others wait for what comes of that, and the next one goes on when it
// was nothing.
async function inTurn(machine: Machine, search: Search): Promise<CacheLook> {
  const { turns, clock, metrics } = machine;
  const { key, untilMs, isWanted } = search;
  for (let waited = false; ; waited = true) {
    const turn = turns.take(key);
    if (turn.isMine) return computeOrFind(machine, search, turn);
    const leftMs = untilMs - clock();
    if (leftMs <= 0) return { key };
    if (!waited) metrics.waits();
    const end = await turn.ended(leftMs);
    if (!isWanted()) return {};
    const found = end === 'recorded' ? await find(machine, search) : undefined;
    if (found) return { key, found };
  }
}

async function computeOrFind(machine: Machine, search: Search, turn: Turn): Promise<CacheLook> {
  const { key } = search;
  try {
    const found = await find(machine, search);
    if (found) {
      turn.end('recorded');
      return { key, found };
    }
    return isBuiltin(search.described) ? { key, end: endOf(turn) } : await promised(machine, search, turn);
  } catch (error) {
    turn.end('nothing');
    throw error;
  }
}

// What is paid for is not computed in two processes either.
async function promised(machine: Machine, search: Search, turn: Turn): Promise<CacheLook> {
  const { promises, clock, rhythm, metrics } = machine;
  const { key, untilMs, execution, isWanted } = search;
  const promise = { tenantId: execution.tenantId, key, executionId: execution.id };
  for (let waited = false; clock() < untilMs; waited = true) {
    const keeping = await promises.give(promise);
    if (keeping === 'unknown') break;
    if (keeping !== 'taken') return { key, end: endOf(turn, keeping.end) };
    if (!waited) metrics.waits();
    await new Promise((resolve) => setTimeout(resolve, rhythm.pollMs).unref());
    if (!isWanted()) break;
    const found = await find(machine, search);
    if (!found) continue;
    turn.end('recorded');
    return { key, found };
  }
  return { key, end: endOf(turn) };
}

function endOf(turn: Turn, also?: EndOfOutput): EndOfOutput {
  return (recorded) => {
    also?.(recorded);
    turn.end(recorded ? 'recorded' : 'nothing');
  };
}

async function find({ look }: Machine, { execution, key }: Search): Promise<CachedAnswer | undefined> {
  const kept = await look({ tenantId: execution.tenantId, key });
  return kept?.answer && { answer: kept.answer, fromExecutionId: kept.executionId };
}

function isBuiltin({ runtime }: DescribedRuntime): boolean {
  return runtime === 'builtin';
}
