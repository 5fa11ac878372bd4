// KeepAnswer and ReleaseName: the end of a claim, with an answer and without one.
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import { isUuid } from '../../../foundation/ids/ids.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { RequestNameService } from '../../../proto/gen/domainflow/orchestrator/v1/request_name_service_pb.js';
import { requirePerson } from '../core/person.ts';
import { checkAnswer } from '../core/request-answer.ts';
import type { AnswerStore, NameClaim } from '../store/store.ts';

type Service = ServiceImpl<typeof RequestNameService>;

/** KeepAnswer. */
export function keepAnswer(answers: AnswerStore): Service['keepAnswer'] {
  return async ({ answer, ...named }, context) => {
    const held = claimOf(named, context);
    const violations = checkAnswer(answer);
    if (violations.length > 0) throw invalidArgument(violations);
    await answers.keep(held, answer);
    return {};
  };
}

/** ReleaseName. */
export function releaseName(answers: AnswerStore): Service['releaseName'] {
  return async (named, context) => {
    await answers.release(claimOf(named, context));
    return {};
  };
}

function claimOf({ name, claim }: Pick<NameClaim, 'name' | 'claim'>, context: HandlerContext): NameClaim {
  const caller = principalOf(context);
  requirePerson(caller);
  if (!isUuid(claim)) throw invalidArgument([{ field: 'claim', reason: 'must be a UUID' }]);
  return { tenantId: caller.tenantId, userId: caller.userId, name, claim };
}
