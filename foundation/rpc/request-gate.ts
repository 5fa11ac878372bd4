// What is decided about a request by its headers alone, before its body is read: whether it may come in at all.
import type { HandlerContext } from '@connectrpc/connect';
import { fromConnectError, toConnectError } from '../fault/fault-wire.ts';
import type { TokenVerifier } from '../identity/token-verifier.ts';
import { createRpcServerMetrics } from '../telemetry/metrics.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { requireIdentity } from './require-identity.ts';
import { codeText } from './serve-span.ts';

/** What a gate goes by. */
export interface RequestGateOptions {
  readonly verifier: TokenVerifier;
  readonly telemetry: Telemetry;
}

/** A gate that throws ConnectErrors. What it refuses reaches no interceptor, so it measures and logs that itself. */
export function createRequestGate(options: RequestGateOptions): (context: HandlerContext) => Promise<void> {
  const { verifier, telemetry } = options;
  const identify = requireIdentity(verifier);
  const metrics = createRpcServerMetrics(telemetry.metrics);
  return async (context) => {
    try {
      await identify(context);
    } catch (error) {
      const refusal = toConnectError(error);
      const service = context.service.typeName;
      const method = context.method.name;
      const { reason } = fromConnectError(error);
      telemetry.log.debug({ method: `${service}/${method}`, reason }, 'a call was refused');
      metrics.record({ service, method, code: codeText(refusal), durationMs: 0 });
      throw refusal;
    }
  };
}
