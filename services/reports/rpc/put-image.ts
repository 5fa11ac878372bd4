// PutImage: an image that came with a request, stored as an upload.
import type { ServiceImpl } from '@connectrpc/connect';
import { invalidArgument, type Violation } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { ImageService } from '../../../proto/gen/domainflow/reports/v1/image_service_pb.js';
import { uploadKey } from '../core/image.ts';
import { imageUrlOf } from '../core/image-address.ts';
import { announcementProblems, typeProblem } from '../core/image-problems.ts';
import { requireEditor } from '../core/permission.ts';
import { contentTypeOf } from './image-content.ts';
import type { ImageParts } from './image-parts.ts';

/** Each call stores an upload of its own, so that a repeated one leaves one more for the sweep and changes none. */
export function putImage({ objects, site }: ImageParts): ServiceImpl<typeof ImageService>['putImage'] {
  return async ({ contentType, data }, context) => {
    const principal = principalOf(context);
    requireEditor(principal);
    const problems = await problemsOf(contentType, data);
    if (problems.length > 0) throw invalidArgument(problems);
    const key = uploadKey(principal.tenantId, newId(), contentType);
    await objects.put(key, contentType, data);
    return { imageUrl: imageUrlOf(site, key) };
  };
}

async function problemsOf(contentType: string, data: Uint8Array): Promise<readonly Violation[]> {
  const problems = announcementProblems({ contentType, sizeBytes: data.byteLength }, 'data');
  if (problems.length > 0) return problems;
  const reason = typeProblem(contentType, await contentTypeOf(data));
  return reason === undefined ? [] : [{ field: 'data', reason }];
}
