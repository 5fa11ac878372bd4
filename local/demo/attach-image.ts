// Submits one report with an image, and reads the image again by the link that the report gives.
import { Fault } from '../../foundation/fault/fault.ts';
import type { ReportAccepted, ReportDocument, UploadDocument } from '../rest-documents.ts';
import { bodyOf, type DemoRun, pollUntil, sampleDomain } from './demo-run.ts';

/** A PNG of one pixel. */
export const smallPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

/** Uploads an image, submits a report that names it, and prints what the report says of it. */
export async function attachImage(run: DemoRun): Promise<void> {
  const { api, narrator, signal, problems } = run;
  const imageUrl = await uploadImage(run);
  const text = 'A hydrant is leaking on Centre Street, see the photo';
  const sent = { domain_id: sampleDomain, text, images: [imageUrl] };
  const accepted = await api.post<ReportAccepted>('/api/v1/reports', sent);
  const { incident_id } = bodyOf(accepted, 202, 'Submitting a report with an image');
  const path = `/api/v1/reports/${incident_id}`;
  const read = async () => bodyOf(await api.get<ReportDocument>(path), 200, 'Reading a report with an image');
  const report = await pollUntil(read, ({ status }) => status !== 'processing', signal);
  const [image] = report.images;
  if (!image) {
    problems.push(`Report ${incident_id} has lost its image`);
    return;
  }
  narrator.print(`  ${image.object_key}`);
  narrator.print(
    `  ${image.content_type}, ${image.size_bytes} bytes, SHA-256 ${image.checksum?.slice(0, 16)}…`,
  );
  narrator.print(`  ${image.url.slice(0, 90)}…`);
  const bytes = Buffer.from(await (await fetch(image.url, { signal })).arrayBuffer());
  if (!bytes.equals(smallPng))
    problems.push(`The image of report ${incident_id} is not the one that was sent`);
}

/** Puts the small image where the API says, and answers how to name it. */
export async function uploadImage({ api, signal }: Pick<DemoRun, 'api' | 'signal'>): Promise<string> {
  const announced = { content_type: 'image/png', size_bytes: smallPng.length };
  const answer = await api.post<UploadDocument>('/api/v1/reports/images', announced);
  const { image_url, upload_url } = bodyOf(answer, 201, 'Asking where to put an image');
  const headers = { 'content-type': 'image/png' };
  const { status } = await fetch(upload_url, { method: 'PUT', headers, body: smallPng, signal });
  if (status !== 200) throw new Fault('internal', `Uploading an image was answered with ${status}`);
  return image_url;
}
