// Runs an invocation in its runtime, with its tools on a leash, and lets nothing pass that its schema does not allow.
import type { CallOptions } from '@connectrpc/connect';
import type { Tracer } from '@opentelemetry/api';
import type { Clock } from '../../../foundation/clock.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import type { GeoSources } from '../core/geo/geo-skill.ts';
import type { Invocation, InvocationEnd, ToolCallNotice } from '../core/invocation.ts';
import type { OutputCheck } from '../core/output-check.ts';
import { createReportIndexTools } from '../tools/report-index-tools.ts';
import { readTenantKnowledge } from '../tools/tenant-knowledge.ts';
import { createToolLeash } from '../tools/tool-leash.ts';
import { runBuiltin } from './builtin/builtin-runtime.ts';

/** On whose behalf an invocation runs and who watches it. */
export interface InvocationCircumstances {
  /** Class of the run. */
  readonly capability: string;
  /** Identity and time of each call it makes. */
  readonly callOptions: () => CallOptions;
  readonly tell: (notice: ToolCallNotice) => void;
}

/** Runs one attempt; Faults pass through. */
export type RunInvocation = (
  invocation: Invocation,
  circumstances: InvocationCircumstances,
) => Promise<InvocationEnd>;

/** What running needs. */
export interface RunInvocationDeps {
  readonly clients: MeshClients;
  readonly geo: GeoSources;
  readonly outputs: OutputCheck;
  readonly tracer: Tracer;
  readonly clock: Clock;
}

/** Runs builtin agents. */
export function createRunInvocation(deps: RunInvocationDeps): RunInvocation {
  const { clients, geo, outputs, tracer, clock } = deps;
  return async (invocation, { capability, callOptions, tell }) => {
    const { tools, domainId } = invocation;
    const leash = createToolLeash({ tracer, tools, capability, tell });
    const data = createReportIndexTools({ index: clients.index, leash, domainId, tools, callOptions });
    const tenant = await readTenantKnowledge(clients.tenants, callOptions());
    const end = await runBuiltin(invocation, { tenant, data, geo, nowMs: clock() });
    if ('failure' in end) return end;
    const problems = outputs.problemsOf(end.answer.output, invocation.outputSchema);
    if (problems.length === 0) return end;
    return {
      failure: { code: 'output_invalid', message: `The output is not valid: ${problems.join('; ')}` },
    };
  };
}
