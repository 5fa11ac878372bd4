// CreateUpload: where an announced image can be put.
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { ImageService } from '../../../proto/gen/domainflow/reports/v1/image_service_pb.js';
import { uploadKey } from '../core/image.ts';
import { imageUrlOf } from '../core/image-address.ts';
import { announcementProblems } from '../core/image-problems.ts';
import { requireEditor } from '../core/permission.ts';
import type { ImageParts } from './image-parts.ts';

/** Nothing is stored until the upload comes. */
export function createUpload({
  objects,
  site,
}: ImageParts): ServiceImpl<typeof ImageService>['createUpload'] {
  return async (request, context) => {
    const principal = principalOf(context);
    requireEditor(principal);
    const { contentType } = request;
    const sizeBytes = Number(request.sizeBytes);
    const problems = announcementProblems({ contentType, sizeBytes }, 'size_bytes');
    if (problems.length > 0) throw invalidArgument(problems);
    const key = uploadKey(principal.tenantId, newId(), contentType);
    const { url, expiresAtMs } = await objects.uploadUrl({ key, contentType, sizeBytes });
    const expiresAt = timestampFromMs(expiresAtMs);
    return { imageUrl: imageUrlOf(site, key), uploadUrl: url, objectKey: key, expiresAt };
  };
}
