// Runs whose outputs may serve others, and caches of one process each, for tests.

import { createHash } from 'node:crypto';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { create } from '@bufbuild/protobuf';
import { monotonicMs } from '../../../foundation/clock.ts';
import { createLog } from '../../../foundation/telemetry/log.ts';
import { createMetrics } from '../../../foundation/telemetry/metrics.ts';
import { pause } from '../../../local/pause.for-test.ts';
import { AgentRuntime, AgentSettingsSchema } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { ApprovalNodeSchema } from '../../../proto/gen/domainflow/registry/v1/domain_pb.js';
import type { DescribeAgent } from '../clients/describe-agent.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import type { OutputStore } from '../store/store.ts';
import { createOutputCache, type OutputCache } from './output-cache.ts';
import { type Graph, planMessageOf } from './pinned-plan.for-test.ts';
import { pinPlan } from './pinned-plan.ts';

/** What all agents of a run are like. */
export interface TestAgents {
  readonly version?: number;
  readonly systemPrompt?: string;
  readonly tools?: readonly string[];
  /** Builtin agents without further settings unless it is given. */
  readonly settings?: MessageInitShape<typeof AgentSettingsSchema>;
}

const builtin = { runtime: AgentRuntime.BUILTIN };

/** A run of this graph by such agents. A node of the name `gate` is an approval. */
export function sharingRecord(
  graph: Graph,
  { settings = builtin, version = 1, systemPrompt = 'Answer', tools = [] }: TestAgents = {},
  changes: Partial<ExecutionRecord> = {},
): ExecutionRecord {
  const plan = planMessageOf(graph);
  for (const node of plan.nodes) {
    const { kind } = node;
    if (kind.case !== 'agent') continue;
    if (node.nodeId === 'gate') {
      node.kind = { case: 'approval', value: create(ApprovalNodeSchema, { prompt: 'May it go on?' }) };
      continue;
    }
    const full = create(AgentSettingsSchema, settings);
    Object.assign(kind.value, { version, systemPrompt, tools: [...tools], settings: full });
  }
  const content = JSON.stringify([graph, settings, version, systemPrompt, tools]);
  plan.hash = createHash('sha256').update(content).digest('hex');
  return newRecord({ plan: pinPlan(plan), ...changes });
}

/** A cache as one process has it. */
export interface TestCache {
  readonly cache: OutputCache;
  /** What the metric counts by now; `outcome` names one of its values. */
  count(metric: 'looks_total' | 'waits_total' | 'computing', outcome?: string): Promise<number>;
  /** Resolves once so many tasks have waited for others. */
  untilWaiting(tasks: number): Promise<void>;
}

/** Resolves once it is so; rejects when that takes much longer than it may, so that nothing is left running. */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const untilMs = monotonicMs() + 10_000;
  while (!(await isSo())) {
    if (monotonicMs() > untilMs) throw new Error('it did not come to that');
    await pause();
  }
}

/** What a test decides about a cache. */
export interface TestCacheOptions {
  readonly readRevision?: () => Promise<string | undefined>;
  readonly readSettings?: () => Promise<string | undefined>;
  /** Absent: agents run where their settings say, on what {@link testFingerprint} names. */
  readonly describe?: DescribeAgent;
  /** [2,000] */
  readonly lookMs?: number;
  /** [500] */
  readonly promiseMs?: number;
}

/** On what agents of tests run. */
export const testFingerprint = 'f'.repeat(64);

const describeForTest: DescribeAgent = async (_execution, { settings }) => {
  const runtime = settings?.runtime === AgentRuntime.BUILTIN ? 'builtin' : 'model';
  return { runtime, fingerprint: testFingerprint };
};

/** A cache over a store. */
export function openTestCache(store: OutputStore, options: TestCacheOptions = {}): TestCache {
  const { readRevision = async () => '0', readSettings = async () => '', ...times } = options;
  const { describe = describeForTest } = times;
  const { lookMs = 2_000, promiseMs = 500 } = times;
  const metrics = createMetrics({ processMetrics: false });
  const log = createLog({ service: 'test', level: 'silent' });
  const rhythm = { lookMs, promiseMs, renewMs: 50, pollMs: 10 };
  const reading = { readRevision, readSettings, describe };
  const cache = createOutputCache({ store, ...reading, clock: monotonicMs, log, metrics, rhythm });
  const count: TestCache['count'] = async (metric, outcome) => {
    const read = await metrics.getSingleMetric(`domainflow_output_cache_${metric}`)?.get();
    const values = read?.values ?? [];
    return values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0;
  };
  return {
    cache,
    count,
    async untilWaiting(tasks) {
      await eventually(async () => (await count('waits_total')) >= tasks);
    },
  };
}
