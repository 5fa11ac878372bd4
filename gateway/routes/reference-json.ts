// References to reports, in messages and in results.
import type { Reference } from '../../proto/gen/domainflow/sessions/v1/message_pb.js';
import { pointJson } from './geo-json.ts';

/** S2.4 Reference; `deleted` is present only once the report is deleted. */
export function referenceJson({ referenceId, summary, status, location, deleted }: Reference): object {
  return {
    type: 'report',
    reference_id: referenceId,
    summary,
    status,
    location: pointJson(location),
    ...(deleted ? { deleted: true } : {}),
  };
}
