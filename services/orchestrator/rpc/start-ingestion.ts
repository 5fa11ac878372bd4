// StartIngestion: records a report's run and starts it. Everything is chosen and pinned before anything is written.

import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import { context as contextApi } from '@opentelemetry/api';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { onBehalfOf, principalOf } from '../../../foundation/rpc/caller.ts';
import { storeTrace } from '../../../foundation/telemetry/propagation.ts';
import type { ExecutionService } from '../../../proto/gen/domainflow/orchestrator/v1/execution_service_pb.js';
import { AgentClass } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { recordJob } from '../core/job-input.ts';
import { incidentIdOf, jobIdOf } from '../core/public-id.ts';
import { checkIngestion } from '../core/submission.ts';
import type { StartDeps } from './start-deps.ts';

const submitters = new Set(['editor', 'admin']);

/** StartIngestion. */
export function startIngestion(deps: StartDeps): ServiceImpl<typeof ExecutionService>['startIngestion'] {
  return async (request, context) => {
    const principal = principalOf(context);
    if (!principal.roles.some((role) => submitters.has(role))) {
      throw new Fault('permission_denied', 'Submitting reports needs the role editor or admin');
    }
    const { domainId, text, source } = request;
    const violations = checkIngestion({ domainId, text, source });
    if (violations.length > 0) throw invalidArgument(violations);

    const { tenantId } = principal;
    const { domainVersion, pinned } = await deps.plans.resolve(
      { tenantId, domainId, playbook: AgentClass.INGESTION },
      onBehalfOf(context),
    );
    const [id, reportId, createdAtMs] = [newId(), newId(), deps.clock()];
    const referenceTime = new Date(createdAtMs).toISOString();
    const input = { text, domain_id: domainId, source, reference_time: referenceTime };
    const trace = storeTrace(contextApi.active());
    await deps.start({
      tenantId,
      id,
      kind: 'ingest',
      domainId,
      domainVersion,
      plan: pinned,
      subjectId: incidentIdOf(reportId),
      input: recordJob(input),
      principal,
      ...(trace ? { trace } : {}),
      createdAtMs,
    });
    return {
      jobId: jobIdOf(id),
      incidentId: incidentIdOf(reportId),
      acceptedAt: timestampFromMs(createdAtMs),
    };
  };
}
