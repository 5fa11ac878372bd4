// What is decided about a request by its headers alone, before its body is read: whether it may come in at all and whether it is too large.
import type { HandlerContext } from '@connectrpc/connect';
import { Fault } from '../fault/fault.ts';
import { fromConnectError, toConnectError } from '../fault/fault-wire.ts';
import type { TokenVerifier } from '../identity/token-verifier.ts';
import { createRpcServerMetrics } from '../telemetry/metrics.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { requireIdentity } from './require-identity.ts';
import { codeText } from './serve-span.ts';

/** What a gate goes by. */
export interface RequestGateOptions {
  readonly verifier: TokenVerifier;
  /** Largest request message, in bytes. */
  readonly requestBytesMax: number;
  readonly telemetry: Telemetry;
}

/** A gate that throws ConnectErrors. What it refuses reaches no interceptor, so it measures and logs that itself. */
export function createRequestGate(options: RequestGateOptions): (context: HandlerContext) => Promise<void> {
  const { verifier, requestBytesMax, telemetry } = options;
  const identify = requireIdentity(verifier);
  const metrics = createRpcServerMetrics(telemetry.metrics);
  return async (context) => {
    try {
      await identify(context);
      refuseTooLarge(context, requestBytesMax);
    } catch (error) {
      const refusal = toConnectError(error);
      const service = context.service.typeName;
      const method = context.method.name;
      const { reason } = fromConnectError(error);
      telemetry.log.info({ method: `${service}/${method}`, reason }, 'a call was refused');
      metrics.record({ service, method, code: codeText(refusal), durationMs: 0 });
      throw refusal;
    }
  };
}

// Connect clients say the length of a single message. Where it is not said, the library counts while it reads.
function refuseTooLarge({ requestHeader }: HandlerContext, bytesMax: number): void {
  if (Number(requestHeader.get('content-length') ?? 0) <= bytesMax) return;
  throw new Fault('resource_exhausted', `The request is larger than ${bytesMax} bytes`);
}
