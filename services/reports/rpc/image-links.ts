// The links by which the images of a report can be seen, for answers that show the whole document.
import type { Report } from '../core/report.ts';
import type { ObjectStore } from '../store/store.ts';

/** The report with a link for each image that is stored, valid for an hour. Images elsewhere keep their own. */
export async function withImageLinks(report: Report, objects: Pick<ObjectStore, 'viewUrl'>): Promise<Report> {
  if (report.images.every(({ objectKey }) => objectKey === '')) return report;
  const images = await Promise.all(
    report.images.map(async (image) =>
      image.objectKey === '' ? image : { ...image, url: await objects.viewUrl(image.objectKey) },
    ),
  );
  return { ...report, images };
}
