// RecordGateResult and SumRunCosts: what only the gate itself may write and ask, by a token that the orchestrator minted for it.
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument, notFound } from '../../../foundation/fault/fault.ts';
import type { GoldenSetService } from '../../../proto/gen/domainflow/registry/v1/golden_set_service_pb.js';
import { isDomainId } from '../core/definition-id.ts';
import { isGoldenSetName } from '../core/golden-set.ts';
import { decimalOf } from '../core/usage-money.ts';
import type { GateStore } from '../store/store.ts';
import { tenantPrincipal } from './tenant-principal.ts';

type Service = ServiceImpl<typeof GoldenSetService>;

const capability = 'gate';
const pathsMax = 100;
const jobsMax = 100;
const hashForm = /^[0-9a-f]{64}$/;

/** RecordGateResult. `permission_denied` for everybody but the gate; `not_found` when the set is gone. */
export function recordGateResult(store: GateStore): Service['recordGateResult'] {
  return async (request, context) => {
    const { tenantId, gateId } = gateOf(context);
    if (request.gateId !== gateId)
      throw new Fault('permission_denied', 'The token is not that of the gate in gate_id');
    const { domainId, goldenSet: name, goldenSetVersion: version, failingPaths, passed } = request;
    const { candidateHash, presentHash } = request;
    const isSound =
      hashForm.test(candidateHash) &&
      (presentHash === '' || hashForm.test(presentHash)) &&
      version >= 1 &&
      failingPaths.length <= pathsMax;
    if (!isSound) {
      const reason = `must be 64 hex digits, with a version from 1 and at most ${pathsMax} paths`;
      throw invalidArgument([{ field: 'candidate_hash', reason }]);
    }
    if (!isDomainId(domainId) || !isGoldenSetName(name)) throw notFound('golden set');
    const hashes = { candidateHash, presentHash };
    const result = { gateId, domainId, name, version, ...hashes, passed, failingPaths };
    if (!(await store.recordGateResult(tenantId, result))) throw notFound('golden set');
    return {};
  };
}

/** SumRunCosts. `permission_denied` for everybody but a gate. */
export function sumRunCosts(store: GateStore): Service['sumRunCosts'] {
  return async ({ jobIds }, context) => {
    const { tenantId } = gateOf(context);
    if (jobIds.length < 1 || jobIds.length > jobsMax) {
      throw invalidArgument([{ field: 'job_ids', reason: `must have 1 to ${jobsMax} items` }]);
    }
    const costs = await store.sumRunCosts(tenantId, jobIds);
    return { costs: costs.map(({ money, ...cost }) => ({ ...cost, money: decimalOf(money) })) };
  };
}

function gateOf(context: HandlerContext): { readonly tenantId: string; readonly gateId: string } {
  const { tenantId, run } = tenantPrincipal(context);
  if (run?.capability !== capability) {
    throw new Fault('permission_denied', 'Only a gate may do this for itself');
  }
  return { tenantId, gateId: run.runId };
}
