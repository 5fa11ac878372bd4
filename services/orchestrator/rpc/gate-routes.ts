// The RPCs on gates, each from its file.
import type { ServiceImpl } from '@connectrpc/connect';
import type { GateService } from '../../../proto/gen/domainflow/orchestrator/v1/gate_service_pb.js';
import { cancelGate, getGate } from './get-gate.ts';
import { type GateDeps, startGate } from './start-gate.ts';

/** The whole GateService. */
export function gateRoutes(deps: GateDeps): ServiceImpl<typeof GateService> {
  return { startGate: startGate(deps), getGate: getGate(deps.gates), cancelGate: cancelGate(deps.gates) };
}
