// ClaimName: who carries a request with a name out, or what was answered to it before.
import { randomUUID } from 'node:crypto';
import type { ServiceImpl } from '@connectrpc/connect';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { RequestNameService } from '../../../proto/gen/domainflow/orchestrator/v1/request_name_service_pb.js';
import { requirePerson } from '../core/person.ts';
import { answerToRepeat, checkClaim } from '../core/request-answer.ts';
import { nameKeptMs } from '../core/request-name.ts';
import type { AnswerStore } from '../store/store.ts';

/** ClaimName. */
export function claimName(answers: AnswerStore): ServiceImpl<typeof RequestNameService>['claimName'] {
  return async ({ name, bodyHash, leaseSeconds }, context) => {
    const caller = principalOf(context);
    requirePerson(caller);
    const violations = checkClaim({ name, bodyHash, leaseSeconds });
    if (violations.length > 0) throw invalidArgument(violations);
    const claim = randomUUID();
    const { tenantId, userId } = caller;
    const wanted = {
      tenantId,
      userId,
      name,
      bodyHash,
      claim,
      requestId: newId(),
      leaseMs: leaseSeconds * 1000,
    };
    const found = await answers.claim(wanted, nameKeptMs);
    const { requestId } = found;
    if (!('sameBody' in found)) return { requestId, outcome: { case: 'claim', value: claim } };
    return { requestId, outcome: { case: 'answer', value: answerToRepeat(found) } };
  };
}
