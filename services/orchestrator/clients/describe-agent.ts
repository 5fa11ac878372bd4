// On what an agent would run now, as the agents service tells it. It is kept for as long as the registry would tell of a change of grants or
// tools, and for a moment at most, since settings of the agents service change without news.
import type { Clock } from '../../../foundation/clock.ts';
import type { Closing } from '../../../foundation/process/closing.ts';
import { callWith } from '../../../foundation/rpc/caller.ts';
import { logInterruptions } from '../../../foundation/rpc/interruption-log.ts';
import { createWatchedCache } from '../../../foundation/rpc/watched-cache.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import { type Agent, AgentRuntime } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { StoredExecution } from '../core/execution-record.ts';
import { jobIdOf } from '../core/public-id.ts';
import type { MeshClients } from './mesh-clients.ts';
import type { RunCalls } from './run-calls.ts';

/** On what an agent runs. */
export interface DescribedRuntime {
  readonly runtime: 'builtin' | 'model' | 'worker';
  /** Names all of it: the runtime, the model, and the granted tools in their present state. */
  readonly fingerprint: string;
}

/** Never throws; undefined when it cannot be told in a second. */
export type DescribeAgent = (
  execution: StoredExecution,
  agent: Agent,
) => Promise<DescribedRuntime | undefined>;

/** What describing needs. */
export interface DescribeAgentDeps extends Pick<MeshClients, 'agents' | 'changes'> {
  readonly callsOf: RunCalls;
  /** Mints tokens of the service itself, which alone may watch. */
  readonly ownToken: () => string;
  readonly clock: Clock;
  readonly log: Log;
  readonly closing: Closing;
}

/** How long a description is kept, in milliseconds: so late is a changed setting of the agents service noticed. */
export const describedMs = 1_000;

const timeoutMs = 1_000;
/** Versions of agents of which the description is kept. */
const agentsMax = 10_000;
/** How long one stream of news lasts, in milliseconds. */
const watchMs = 10 * 60_000;

const runtimes: Readonly<Partial<Record<AgentRuntime, DescribedRuntime['runtime']>>> = {
  [AgentRuntime.BUILTIN]: 'builtin',
  [AgentRuntime.MODEL]: 'model',
  [AgentRuntime.WORKER]: 'worker',
};

/** Describes under the identity of whichever run asks first, and watches for changes until it is closed. */
export function createDescribeAgent(deps: DescribeAgentDeps): DescribeAgent {
  const { agents, changes, callsOf, ownToken, clock, log, closing } = deps;
  const kept = createWatchedCache({
    watch: (signal) => changes.watchChanges({}, callWith({ token: ownToken(), timeoutMs: watchMs, signal })),
    ...{ clock, sizeMax: agentsMax, ttlMs: describedMs, onInterrupted: logInterruptions(log) },
  });
  closing.add('descriptions of agents', () => kept.close());
  return async (execution, agent) => {
    const { tenantId } = execution;
    const { agentId, version } = agent;
    const load = async (): Promise<DescribedRuntime | undefined> => {
      const request = { jobId: jobIdOf(execution.id), agent };
      const { runtime, fingerprint } = await agents.describeAgent(request, callsOf(execution, { timeoutMs }));
      const known = runtimes[runtime];
      return known && fingerprint !== '' ? { runtime: known, fingerprint } : undefined;
    };
    const tags = [
      { tenantId, entityType: 'tool_access' },
      { tenantId, entityType: 'tool' },
      { tenantId, entityType: 'agent', entityId: agentId },
    ];
    try {
      return await kept.get(`${tenantId} ${agentId} ${version}`, { tags, load });
    } catch {
      return undefined; // whoever asks goes on without it
    }
  };
}
