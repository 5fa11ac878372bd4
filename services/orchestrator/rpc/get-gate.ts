// GetGate and CancelGate: how a gate stands, and its end before its time.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, notFound } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { GateService } from '../../../proto/gen/domainflow/orchestrator/v1/gate_service_pb.js';
import { requireAdmin, requirePerson } from '../core/person.ts';
import { gateUuidOf } from '../core/public-id.ts';
import type { GateStore, StoredGate } from '../store/store.ts';
import { gateWire } from './gate-wire.ts';
import { writerOf } from './writer.ts';

type Service = ServiceImpl<typeof GateService>;

interface GateAsked {
  readonly tenantId: string;
  readonly domainId: string;
  readonly gateId: string;
}

/** GetGate. `not_found` for what the tenant has not, and for a gate of another domain. */
export function getGate(gates: GateStore): Service['getGate'] {
  return async ({ domainId, gateId }, context) => {
    const caller = principalOf(context);
    requirePerson(caller);
    return { gate: gateWire(await findGate(gates, { tenantId: caller.tenantId, domainId, gateId })) };
  };
}

/** CancelGate. The gate ends at its next turn, and its runs are asked to end then. */
export function cancelGate(gates: GateStore): Service['cancelGate'] {
  return async ({ domainId, gateId }, context) => {
    const caller = principalOf(context);
    requirePerson(caller);
    requireAdmin(caller, 'Cancelling a gate');
    const writer = writerOf(context);
    const asked = { tenantId: caller.tenantId, domainId, gateId };
    const { status, ...gate } = await findGate(gates, asked);
    if (status === 'completed' || status === 'failed') {
      throw new Fault('failed_precondition', `The gate has ended as ${status}: it cannot be cancelled`);
    }
    const about = { operation: 'gate_cancel', entityType: 'gate', entityId: gateId } as const;
    const details = { domain_id: domainId, from: status, to: 'cancelled' };
    await gates.cancel(gate, { ...about, message: 'Asked for a gate to be cancelled', details, ...writer });
    return { gate: gateWire(await findGate(gates, asked)) };
  };
}

async function findGate(gates: GateStore, { tenantId, domainId, gateId }: GateAsked): Promise<StoredGate> {
  const id = gateUuidOf(gateId);
  const gate = id && (await gates.read(tenantId, { id, domainId }));
  if (!gate) throw notFound('gate');
  return gate;
}
