// The images of a submission, as the service of the reports finds them. What is wrong with them is told together with everything else.
import { toJson } from '@bufbuild/protobuf';
import type { HandlerContext } from '@connectrpc/connect';
import { Fault, type Violation } from '../../../foundation/fault/fault.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { onBehalfOf } from '../../../foundation/rpc/caller.ts';
import { type ReportImage, ReportImageSchema } from '../../../proto/gen/domainflow/reports/v1/report_pb.js';
import { checkImageCount } from '../core/submission.ts';
import type { StartDeps } from './start-deps.ts';

/** Images that were looked at. */
export interface CheckedImages {
  /** As they were answered, for the record of the run. */
  readonly images: readonly JsonObject[];
  /** What each of them is, wherever it lies: the checksum of a stored one, the link of another. */
  readonly contents: readonly string[];
  readonly violations: readonly Violation[];
}

/** Looks at images on the caller's behalf; too many are not looked at. Faults other than `invalid_argument` are thrown. */
export async function checkImages(
  service: StartDeps['images'],
  urls: readonly string[],
  context: HandlerContext,
): Promise<CheckedImages> {
  if (urls.length === 0 || checkImageCount(urls).length > 0) return nothing([]);
  try {
    const { images } = await service.checkImages({ images: [...urls] }, onBehalfOf(context));
    return {
      images: images.map((image) => toJson(ReportImageSchema, image) as JsonObject),
      contents: images.map(contentOf),
      violations: [],
    };
  } catch (error) {
    if (!(error instanceof Fault) || error.reason !== 'invalid_argument') throw error;
    const { violations, message } = error;
    return nothing(violations.length > 0 ? violations : [{ field: 'images', reason: message }]);
  }
}

function nothing(violations: readonly Violation[]): CheckedImages {
  return { images: [], contents: [], violations };
}

function contentOf({ checksum, contentType, url }: ReportImage): string {
  return checksum === '' ? url : `${contentType} ${checksum}`;
}
