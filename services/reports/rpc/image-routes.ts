// The RPCs that take images in, put together.
import type { ServiceImpl } from '@connectrpc/connect';
import type { ImageService } from '../../../proto/gen/domainflow/reports/v1/image_service_pb.js';
import { checkImages } from './check-images.ts';
import { createUpload } from './create-upload.ts';
import type { ImageParts } from './image-parts.ts';
import { putImage } from './put-image.ts';

/** Their handlers. */
export function imageRoutes(parts: ImageParts): ServiceImpl<typeof ImageService> {
  return {
    createUpload: createUpload(parts),
    putImage: putImage(parts),
    checkImages: checkImages(parts),
  };
}
