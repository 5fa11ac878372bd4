// Who writes by an RPC, as the audit log tells it. What is written is for each handler to say.
import type { HandlerContext } from '@connectrpc/connect';
import { context as contextApi } from '@opentelemetry/api';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import { traceIdOf } from '../../../foundation/telemetry/propagation.ts';
import type { WriteRecord } from '../core/audit.ts';

/** Who writes and since when. */
export type Writer = Pick<WriteRecord, 'userId' | 'traceId' | 'startedMs'>;

/** The caller as one who writes from now on. */
export function writerOf(context: HandlerContext): Writer {
  const traceId = traceIdOf(contextApi.active());
  const { userId } = principalOf(context);
  return { userId, ...(traceId === undefined ? {} : { traceId }), startedMs: performance.now() };
}
