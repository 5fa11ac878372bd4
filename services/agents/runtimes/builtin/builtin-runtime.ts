// The builtin runtime: runs the skill of an agent of the platform, with its tools on a leash. It decides nothing about the answer.
import type { Tracer } from '@opentelemetry/api';
import type { Clock } from '../../../../foundation/clock.ts';
import type { WatchedCache } from '../../../../foundation/rpc/watched-cache.ts';
import type { MeshClients } from '../../clients/mesh-clients.ts';
import type { EntityModels } from '../../core/entity/entity-skill.ts';
import type { GeoSources } from '../../core/geo/geo-skill.ts';
import type { Invocation } from '../../core/invocation.ts';
import { AttemptFailed } from '../../core/invocation-failure.ts';
import { leashReportData } from '../../tools/leashed-data.ts';
import { createReportIndex } from '../../tools/report-index.ts';
import { readTenantKnowledge } from '../../tools/tenant-knowledge.ts';
import { type RegistryReach, readToolGrants } from '../../tools/tool-grants.ts';
import { createToolLeash } from '../../tools/tool-leash.ts';
import type { InvocationCircumstances, RunAgent } from '../run-agent.ts';
import { type BuiltinReach, skillOf } from './builtin-skills.ts';

/** What skills are run with. */
export interface BuiltinDeps {
  readonly clients: MeshClients;
  /** What the registry answered, for as long as it would tell of a change. */
  readonly kept: WatchedCache;
  readonly geo: GeoSources;
  readonly models: EntityModels;
  readonly tracer: Tracer;
  readonly clock: Clock;
}

/** Runs agents of the platform; `agent_missing` for one that has no skill. */
export function createBuiltinRuntime(deps: BuiltinDeps): RunAgent {
  return async (invocation, circumstances) => {
    const skill = skillOf(invocation.agentId);
    if (!skill) throw withoutSkill(invocation);
    const reach = await reachOf(deps, invocation, circumstances);
    return { answer: await skill(invocation, reach), runtime: 'builtin' };
  };
}

async function reachOf(
  { clients, kept, geo, models, tracer, clock }: BuiltinDeps,
  { agentId, tools, domainId, settingsRevision, toolCalls: allowance }: Invocation,
  { tenantId, capability, callOptions, tell }: InvocationCircumstances,
): Promise<BuiltinReach> {
  const registry: RegistryReach = { clients, kept, tenantId, callOptions };
  const [tenant, granted] = await Promise.all([
    readTenantKnowledge(registry, settingsRevision),
    tools.length === 0 ? new Set<string>() : readToolGrants(agentId, registry),
  ]);
  const leash = createToolLeash({
    tracer,
    tools,
    granted,
    capability,
    allowance,
    tell: (call) => tell({ kind: 'tool_call', call }),
  });
  const index = createReportIndex({ index: clients.index, domainId, callOptions });
  const data = leashReportData(index, { leash, tools });
  return { tenant, data, geo, models, nowMs: clock() };
}

function withoutSkill({ agentId, agentName }: Invocation): AttemptFailed {
  const remedy = 'use one of the builtin agents instead';
  const message = `No builtin skill belongs to the agent ${agentName} (${agentId}) in this version: ${remedy}`;
  return new AttemptFailed({ code: 'agent_missing', message });
}
