// The model runtime between a local model server, which speaks the formats of providers over a real socket, and a ledger in memory.

import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { createBreakerBoard } from '../../../../foundation/breaker/breaker-board.ts';
import { monotonicMs, systemClock } from '../../../../foundation/clock.ts';
import { Fault } from '../../../../foundation/fault/fault.ts';
import { createOutputCheck } from '../../../../foundation/json/output-check.ts';
import { callWith } from '../../../../foundation/rpc/caller.ts';
import { createLog } from '../../../../foundation/telemetry/log.ts';
import { createMetrics, type Metrics } from '../../../../foundation/telemetry/metrics.ts';
import { type ModelServer, startModelServer } from '../../../../local/model-server/model-server.ts';
import type { CallEnd, Ledger, PlannedCall, TokenUse } from '../../clients/ledger.ts';
import { createMeshClients } from '../../clients/mesh-clients.ts';
import { invocationForTest } from '../../core/invocation.for-test.ts';
import type { Invocation, InvocationEnd, RuntimeNotice } from '../../core/invocation.ts';
import type { ModelSettings, ProviderKind, ProviderSettings } from '../../core/model/model-settings.ts';
import { createRunInvocation } from '../run-invocation.ts';
import { createModelAgents } from './model-agents.ts';
import { createModelBreakers } from './model-breakers.ts';
import { createModelMetrics } from './model-metrics.ts';
import { createModelRuntime } from './model-runtime.ts';
import type { OfferedTool } from './model-tools.ts';
import { createModelWire } from './model-wire.ts';
import { createOpenModel } from './providers.ts';

const emptyGazetteer = {
  find: () => [],
  has: () => false,
  near: () => [],
  divisionName: () => '',
  originOf: () => undefined,
};

/** A call in the ledger; without an end it was not settled. */
export interface LedgerEntry {
  readonly call: PlannedCall;
  end?: CallEnd;
  use?: TokenUse;
}

/** How the stage is set up; absent parts have a default. */
export interface StageOptions {
  readonly format?: 'openai' | 'anthropic';
  readonly provider?: Partial<ProviderSettings>;
  readonly settings?: Partial<ModelSettings>;
  /** Asked before each reservation; may throw. */
  readonly budget?: (call: PlannedCall) => readonly string[];
  readonly tools?: readonly OfferedTool[];
}

/** One run of an agent. */
export interface StageRun {
  readonly end: InvocationEnd;
  readonly told: readonly RuntimeNotice[];
}

/** What a run is given beyond the agent. */
export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly timeLeftMs?: number;
}

/** The stage. Close it. */
export interface ModelStage {
  readonly server: ModelServer;
  /** What is in the ledger, in order. */
  readonly ledger: readonly LedgerEntry[];
  /** Lines of the log. */
  readonly lines: readonly string[];
  readonly spans: InMemorySpanExporter;
  run(invocation?: Partial<Invocation>, options?: RunOptions): Promise<StageRun>;
  close(): Promise<void>;
}

/** Name of the provider on the stage. */
export const stageProvider = 'local';

const key = 'key-of-the-stage';

const person = { tenantId: 'tenant', userId: 'user', username: 'someone', roles: ['editor'] };

/** Opens a stage. */
export async function openModelStage(options: StageOptions = {}): Promise<ModelStage> {
  const server = await startModelServer();
  const spans = new InMemorySpanExporter();
  const tracer = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter: spans })],
  }).getTracer('test');
  const lines: string[] = [];
  const log = createLog({
    service: 'test',
    level: 'trace',
    destination: { write: (line) => void lines.push(line) },
  });
  const nowhere = { registry: '127.0.0.1:1', reports: '127.0.0.1:1' };
  const clients = createMeshClients({ targets: nowhere, tracer, clock: systemClock });
  const settings = settingsOf(server, options);
  const metrics = createMetrics({ processMetrics: false });
  const entries: LedgerEntry[] = [];
  const outputs = createOutputCheck();
  const wire = createModelWire();
  const onModel = createModelRuntime({
    ...{ clients, outputs, tracer, log, settings, clock: systemClock, chance: () => 0 },
    kept: { get: (_key, { load }) => load(), isAlive: () => false, close: async () => {} },
    geo: { gazetteer: emptyGazetteer },
    ledger: ledgerOf(entries, options.budget),
    breakerOf: createModelBreakers(boardOf(metrics), settings.callTimeoutMs),
    metrics: createModelMetrics(metrics),
    openModel: createOpenModel(wire.fetch),
    wire,
    openTools: async () => ({ tools: options.tools ?? [], close: async () => {} }),
  });
  const offline = async () => {
    throw new Fault('internal', 'Nothing runs by rules here');
  };
  const model = createModelAgents({ settings, onModel, offline });
  const runInvocation = createRunInvocation({
    runtimes: { builtin: offline, worker: offline, model },
    outputs,
    tracer,
    log,
  });
  return {
    ...{ server, ledger: entries, lines, spans },
    run: async (given, { signal = new AbortController().signal, timeLeftMs = 60_000 } = {}) => {
      const told: RuntimeNotice[] = [];
      const end = await runInvocation(invocationForTest({ outputSchema: stageSchema, ...given }), {
        ...{ principal: person, tenantId: 'tenant', capability: 'ingestion', writeTarget: '', signal },
        principal: { tenantId: 'tenant', userId: 'user', username: 'someone', roles: [] },
        callOptions: () => callWith({ token: 'token', timeoutMs: 5_000 }),
        timeLeftMs: () => timeLeftMs,
        tell: (notice) => void told.push(notice),
      });
      return { end, told };
    },
    close: async () => {
      clients.close();
      await server.close();
    },
  };
}

/** Schema of the stage's agents. */
export const stageSchema = { kind: { enum: ['leak', 'fire'] } };

/** A good answer for it. */
export const goodAnswer = JSON.stringify({
  output: { kind: 'leak' },
  reasoning: 'It drips',
  confidence: 0.9,
});

function settingsOf(
  server: ModelServer,
  { format = 'openai', provider, settings }: StageOptions,
): ModelSettings {
  const isOpenAi = format === 'openai';
  const kind: ProviderKind = isOpenAi ? 'openai-compatible' : 'anthropic';
  const own: ProviderSettings = {
    ...{ name: stageProvider, kind, baseUrl: isOpenAi ? server.openAiUrl : server.anthropicUrl },
    ...{ apiKey: { kind: 'text', text: key }, model: 'small', structuredOutput: 'schema', images: true },
    ...provider,
  };
  const base = { provider: stageProvider, providers: [own], prices: {} };
  return { ...base, callTimeoutMs: 10_000, callsMax: 10, ...settings };
}

function ledgerOf(entries: LedgerEntry[], budget: StageOptions['budget'] = () => []): Ledger {
  return {
    reserve: async (call) => {
      const warnings = budget(call);
      const entry: LedgerEntry = { call };
      entries.push(entry);
      return {
        warnings,
        settle: async (end, use) => {
          if (entry.end !== undefined) throw new Error('A call is settled once');
          Object.assign(entry, { end, use });
        },
      };
    },
  };
}

function boardOf(metrics: Metrics) {
  const log = { info: () => undefined, warn: () => undefined };
  return createBreakerBoard({ metrics, nowMs: monotonicMs, log });
}
