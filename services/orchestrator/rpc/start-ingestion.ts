// StartIngestion: records a report's run and starts it. Everything is chosen and pinned before anything is written.

import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { context as contextApi } from '@opentelemetry/api';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { onBehalfOf, principalOf } from '../../../foundation/rpc/caller.ts';
import { storeTrace } from '../../../foundation/telemetry/propagation.ts';
import {
  type ExecutionService,
  type StartIngestionRequest,
  StartIngestionRequestSchema,
} from '../../../proto/gen/domainflow/orchestrator/v1/execution_service_pb.js';
import { AgentClass } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { recordJob } from '../core/job-input.ts';
import { requirePerson } from '../core/person.ts';
import { incidentIdOf, jobIdOf } from '../core/public-id.ts';
import { checkRequestId, type RequestName } from '../core/request-name.ts';
import { checkIngestion } from '../core/submission.ts';
import { type CheckedImages, checkImages } from './check-images.ts';
import type { StartDeps } from './start-deps.ts';
import { requestHash, startOnce } from './start-once.ts';

const submitters = new Set(['editor', 'admin']);

/** StartIngestion. */
export function startIngestion(deps: StartDeps): ServiceImpl<typeof ExecutionService>['startIngestion'] {
  return async (request, context) => {
    const principal = principalOf(context);
    requirePerson(principal);
    if (!principal.roles.some((role) => submitters.has(role))) {
      throw new Fault('permission_denied', 'Submitting reports needs the role editor or admin');
    }
    let checking: Promise<CheckedImages> | undefined;
    const images = () => {
      checking ??= checkImages(deps.images, request.images, context);
      return checking;
    };
    const started = await startOnce(deps, {
      name: nameOf(request, principal),
      contentHash: async () => contentHashOf(request, await images()),
      prepare: async () => prepare(deps, { request, checked: await images() }, context),
    });
    const { executionId, subjectId, acceptedAtMs, replayed } = started;
    const acceptedAt = timestampFromMs(acceptedAtMs);
    return { jobId: jobIdOf(executionId), incidentId: subjectId, acceptedAt, replayed };
  };
}

// A name of the wrong form is refused with everything else that is wrong, and stands for nothing.
function nameOf(request: StartIngestionRequest, { tenantId, userId }: Principal): RequestName | undefined {
  const { requestId: key } = request;
  if (key === '' || checkRequestId(key).length > 0) return undefined;
  const bodyHash = requestHash(StartIngestionRequestSchema, request);
  return { tenantId, userId, route: 'start_ingestion', key, bodyHash };
}

function contentHashOf(request: StartIngestionRequest, { contents }: CheckedImages): string | undefined {
  if (contents.length === 0) return undefined;
  return requestHash(StartIngestionRequestSchema, { ...request, images: [...contents] });
}

interface CheckedRequest {
  readonly request: StartIngestionRequest;
  readonly checked: CheckedImages;
}

async function prepare(
  deps: StartDeps,
  { request, checked }: CheckedRequest,
  context: HandlerContext,
): Promise<ExecutionRecord> {
  const principal = principalOf(context);
  const { domainId, text, source } = request;
  const violations = [
    ...checkIngestion(request),
    ...checkRequestId(request.requestId),
    ...checked.violations,
  ];
  if (violations.length > 0) throw invalidArgument(violations);

  const asked = { tenantId: principal.tenantId, domainId, playbook: AgentClass.INGESTION };
  const { domainVersion, pinned } = await deps.plans.resolve(asked, onBehalfOf(context));
  const createdAtMs = deps.clock();
  const referenceTime = new Date(createdAtMs).toISOString();
  const input = { text, domain_id: domainId, source, reference_time: referenceTime };
  const trace = storeTrace(contextApi.active());
  return {
    tenantId: principal.tenantId,
    id: newId(),
    kind: 'ingest',
    domainId,
    domainVersion,
    plan: pinned,
    subjectId: incidentIdOf(newId()),
    input: recordJob(input, { images: checked.images }),
    principal,
    ...(trace ? { trace } : {}),
    createdAtMs,
  };
}
