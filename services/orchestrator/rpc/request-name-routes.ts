// The RPCs on requests with a name, each from its file.
import type { ServiceImpl } from '@connectrpc/connect';
import type { RequestNameService } from '../../../proto/gen/domainflow/orchestrator/v1/request_name_service_pb.js';
import type { AnswerStore } from '../store/store.ts';
import { claimName } from './claim-name.ts';
import { keepAnswer, releaseName } from './end-claim.ts';

/** The whole RequestNameService. */
export function requestNameRoutes(answers: AnswerStore): ServiceImpl<typeof RequestNameService> {
  return {
    claimName: claimName(answers),
    keepAnswer: keepAnswer(answers),
    releaseName: releaseName(answers),
  };
}
