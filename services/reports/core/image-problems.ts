// The rules that an image must keep: what may be announced, what may have arrived, and what a run may say of it.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { imageBytesMax, imageExtension, imagesMax, imageTypes, uploadOfKey } from './image.ts';
import { type ImageSite, imageAddressOf, isUploadOf, missingUpload } from './image-address.ts';
import type { ReportImage } from './report.ts';

/** What is announced of an image, or came with it. */
export interface AnnouncedImage {
  readonly contentType: string;
  readonly sizeBytes: number;
}

/** An upload that is there. */
export interface ArrivedImage extends AnnouncedImage {
  /** Media type by its first bytes; undefined for none that is known. */
  readonly foundType: string | undefined;
}

const checksumForm = /^[0-9a-f]{64}$/;
const typesInWords = `${imageTypes.slice(0, -1).join(', ')} or ${imageTypes.at(-1)}`;
const sizeInWords = `must have 1 to ${imageBytesMax} bytes (5 MiB)`;

/** Every broken rule of an announcement; `sizeField` is what the caller calls the size. */
export function announcementProblems(image: AnnouncedImage, sizeField: string): readonly Violation[] {
  return [
    ...(isImageType(image.contentType) ? [] : [{ field: 'content_type', reason: `must be ${typesInWords}` }]),
    ...(isImageSize(image.sizeBytes) ? [] : [{ field: sizeField, reason: sizeInWords }]),
  ];
}

/** Why an upload is refused, as a sentence about it; undefined when it is what it was announced to be. */
export function arrivalProblem(declaredType: string, image: ArrivedImage | undefined): string | undefined {
  if (!image) return missingUpload;
  const { contentType, sizeBytes, foundType } = image;
  if (!isImageSize(sizeBytes)) return `has ${sizeBytes} bytes; it ${sizeInWords}`;
  if (contentType !== declaredType) return `was announced as ${declaredType}, but stored as ${contentType}`;
  return typeProblem(declaredType, foundType);
}

/** Why bytes are refused for their type; undefined when they are of the declared one. */
export function typeProblem(declaredType: string, foundType: string | undefined): string | undefined {
  if (foundType === declaredType) return undefined;
  const found = foundType === undefined ? 'no image of a known type' : foundType;
  return `is declared as ${declaredType}, but its content is ${found}`;
}

/** The violation of too many images. */
export function countProblems(count: number): readonly Violation[] {
  return count <= imagesMax ? [] : [{ field: 'images', reason: `must be at most ${imagesMax}` }];
}

/** Every broken rule of the images that a run brings: checked uploads of its tenant, and links. */
export function submittedImageProblems(
  images: readonly ReportImage[],
  tenantId: string,
  site: ImageSite,
): readonly Violation[] {
  const problems = images.map((image) =>
    image.objectKey === '' ? linkProblem(image.url, tenantId, site) : uploadProblem(image, tenantId),
  );
  return [
    ...countProblems(images.length),
    ...problems.flatMap((reason, at) => (reason ? [{ field: `images[${at}]`, reason }] : [])),
  ];
}

function linkProblem(url: string, tenantId: string, site: ImageSite): string | undefined {
  const address = imageAddressOf(url, tenantId, site);
  if (address.kind === 'refused') return address.reason;
  return address.kind === 'link' ? undefined : 'must be checked before it is handed in';
}

function uploadProblem(image: ReportImage, tenantId: string): string | undefined {
  if (!isUploadOf(image.objectKey, tenantId)) return missingUpload;
  const isChecked =
    image.contentType === uploadOfKey(image.objectKey)?.contentType &&
    isImageSize(image.sizeBytes) &&
    checksumForm.test(image.checksum);
  return isChecked ? undefined : 'must be checked before it is handed in';
}

function isImageType(contentType: string): boolean {
  return imageExtension(contentType) !== undefined;
}

function isImageSize(sizeBytes: number): boolean {
  return Number.isInteger(sizeBytes) && sizeBytes >= 1 && sizeBytes <= imageBytesMax;
}
