// ListQueryJobs: the caller's own query jobs, newest first.
import type { ServiceImpl } from '@connectrpc/connect';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { QueryJobService } from '../../../proto/gen/domainflow/sessions/v1/query_job_service_pb.js';
import { checkForm } from '../core/input-rules.ts';
import { queryStatuses } from '../core/query-job.ts';
import type { SessionsStore } from '../store/store.ts';
import { answerPage } from './list-page.ts';
import { listedQueryJobMessage } from './query-job-wire.ts';

/** ListQueryJobs. */
export function listQueryJobs(
  store: SessionsStore,
  tokens: PageTokens,
): ServiceImpl<typeof QueryJobService>['listQueryJobs'] {
  return async ({ page: request, sessionId, status: wanted, domainId }, context) => {
    const principal = principalOf(context);
    const status = queryStatuses.find((known) => known === wanted);
    const known = wanted === '' || status !== undefined;
    const { tenantId, userId } = principal;
    const filter = { tenantId, userId, status, sessionId: given(sessionId), domainId: given(domainId) };
    const { items, page } = await answerPage({
      tokens,
      principal,
      scope: { list: 'queries', sessionId, status: wanted, domainId },
      request,
      violations: checkForm('status', known, `must be one of ${queryStatuses.join(', ')}`),
      read: (range) => store.listQueryJobs(filter, range),
    });
    return { jobs: items.map(listedQueryJobMessage), page };
  };
}

function given(text: string): string | undefined {
  return text === '' ? undefined : text;
}
