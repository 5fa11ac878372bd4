// CheckImages: whether the images of a submission are there and are what they say.
import { create } from '@bufbuild/protobuf';
import type { ServiceImpl } from '@connectrpc/connect';
import { invalidArgument, type Violation } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { ImageService } from '../../../proto/gen/domainflow/reports/v1/image_service_pb.js';
import { ReportImageSchema } from '../../../proto/gen/domainflow/reports/v1/report_pb.js';
import { linkedImage } from '../core/image.ts';
import { type ImageAddress, imageAddressOf } from '../core/image-address.ts';
import { arrivalProblem, countProblems } from '../core/image-problems.ts';
import { requireEditor } from '../core/permission.ts';
import type { ReportImage } from '../core/report.ts';
import type { ObjectStore } from '../store/store.ts';
import { checksumOf, contentTypeOf } from './image-content.ts';
import type { ImageParts } from './image-parts.ts';

/** One image is looked at after the other, so that a call holds no more than one in memory. */
export function checkImages({ objects, site }: ImageParts): ServiceImpl<typeof ImageService>['checkImages'] {
  return async (request, context) => {
    const principal = principalOf(context);
    requireEditor(principal);
    const tooMany = countProblems(request.images.length);
    if (tooMany.length > 0) throw invalidArgument(tooMany);
    const images: ReportImage[] = [];
    const problems: Violation[] = [];
    for (const [at, text] of request.images.entries()) {
      const found = await lookAt(objects, imageAddressOf(text, principal.tenantId, site));
      if (typeof found === 'string') problems.push({ field: `images[${at}]`, reason: found });
      else images.push(found);
    }
    if (problems.length > 0) throw invalidArgument(problems);
    return {
      images: images.map((image) =>
        create(ReportImageSchema, { ...image, sizeBytes: BigInt(image.sizeBytes) }),
      ),
    };
  };
}

/** The image, or why it is refused. */
async function lookAt(objects: ObjectStore, address: ImageAddress): Promise<ReportImage | string> {
  if (address.kind === 'refused') return address.reason;
  if (address.kind === 'link') return linkedImage(address.url);
  const upload = await objects.read(address.key);
  const foundType = upload?.data && (await contentTypeOf(upload.data));
  const problem = arrivalProblem(address.contentType, upload && { ...upload, foundType });
  if (problem !== undefined || !upload?.data) return problem ?? 'cannot be read';
  const { contentType, sizeBytes, data } = upload;
  return {
    ...{ url: '', objectKey: address.key, contentType, sizeBytes },
    checksum: checksumOf(data),
    verified: true,
  };
}
