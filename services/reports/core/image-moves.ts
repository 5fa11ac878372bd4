// Which uploads a new report takes over, and what its document says of its images. Copying is the caller's.
import { reportImageKey, reportImagesPrefix } from './image.ts';
import type { ReportImage } from './report.ts';

/** An upload to copy. */
export interface ImageMove {
  /** Position in the report's images, from 0. */
  readonly position: number;
  readonly from: string;
  readonly to: string;
  /** SHA-256 that the upload had when it was checked, 64 hex digits. */
  readonly checksum: string;
}

/** What becomes of a submission's images. */
export interface TakenImages {
  /** As the document holds them: under keys of the report, or as links. */
  readonly images: readonly ReportImage[];
  readonly moves: readonly ImageMove[];
}

/** Gives the images that a submission brings their places in its report. The same images always get the same places. */
export function takeImages(
  images: readonly ReportImage[],
  report: { readonly tenantId: string; readonly domainId: string; readonly incidentId: string },
): TakenImages {
  const prefix = reportImagesPrefix(report);
  const moves = images.flatMap(({ objectKey, contentType, checksum }, position) =>
    objectKey === ''
      ? []
      : [{ position, from: objectKey, to: reportImageKey(prefix, position, contentType), checksum }],
  );
  const places = new Map(moves.map(({ position, to }) => [position, to]));
  return {
    moves,
    images: images.map((image, position) => {
      const objectKey = places.get(position);
      return objectKey === undefined
        ? { ...image, verified: false }
        : { ...image, url: '', objectKey, verified: true };
    }),
  };
}

/** Whether a document holds the images of all these moves: it was put by the submission that brings them. */
export function holdsMoves(images: readonly ReportImage[], moves: readonly ImageMove[]): boolean {
  return moves.every(({ position, to, checksum }) => {
    const image = images[position];
    return image?.objectKey === to && image.checksum === checksum;
  });
}
