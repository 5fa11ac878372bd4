// One turn of `telemetry.ts` in a process of its own, as production has one kind of telemetry in each: after another kind had run there, its code
// would be slower than it is. Is sent what to measure, sends back what it found, and ends.
import { createTelemetry, type Telemetry } from '../foundation/telemetry/telemetry.ts';
import { openEngine } from './domainflow.ts';
import { openEngineAndAgents } from './domainflow-agents.ts';
import { closedLoop } from './measure.ts';
import { type EngineOptions, performing } from './measured-engine.ts';

/** None at all; measurements and the ids of traces, as without a collector; or also the share of traces that is sent to one, 0 to 1. */
export type TurnTelemetry = 'off' | 'no collector' | number;

/** What to measure. */
export interface TurnAsked {
  readonly telemetry: TurnTelemetry;
  /** Whether tasks are in the agents service, another process; otherwise in this one. */
  readonly overMesh: boolean;
  readonly databaseUrl: string;
  /** Of the collector. */
  readonly endpoint: string;
  readonly inFlight: number;
  readonly seconds: number;
}

/** What was found. */
export interface Turn {
  readonly perSecond: number;
  /** CPU of the process for one execution. */
  readonly cpuUs: number;
}

async function measure({
  telemetry: kind,
  overMesh,
  databaseUrl,
  endpoint,
  inFlight,
  seconds,
}: TurnAsked): Promise<Turn> {
  const base = { service: 'orchestrator', version: '0', logLevel: 'silent' } as const;
  // Contexts are carried in every process, with telemetry or without: logs need them.
  const idle = createTelemetry({ ...base, processMetrics: false });
  const otlp = { endpoint, protocol: 'http/protobuf' } as const;
  const sending = typeof kind === 'number' ? { otlp, sampleRatio: kind } : {};
  const telemetry: Telemetry | undefined =
    kind === 'off' ? undefined : createTelemetry({ ...base, ...sending });
  const options: EngineOptions = {
    ...{ store: { kind: 'postgres', url: databaseUrl }, perform: performing({}), inFlight },
    ...(telemetry ? { telemetry } : {}),
  };
  const engine = overMesh
    ? await openEngineAndAgents(options, typeof kind === 'number' ? agentSettings(endpoint, kind) : {})
    : await openEngine(options);
  await closedLoop(() => engine.runOne('diamond', 'warm-up'), { inFlight, seconds });
  const before = process.cpuUsage();
  const loop = await closedLoop(() => engine.runOne('diamond', 'diamond'), { inFlight, seconds });
  const { user, system } = process.cpuUsage(before);
  await engine.close();
  await telemetry?.shutdown();
  await idle.shutdown();
  return { perSecond: loop.perSecond, cpuUs: Math.round((user + system) / loop.executions) };
}

function agentSettings(endpoint: string, share: number): Record<string, string> {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, TRACE_SAMPLE_PERCENT: String(share * 100) };
}

process.once('message', async (asked: TurnAsked) => {
  process.send?.(await measure(asked), () => process.exit(0));
});
