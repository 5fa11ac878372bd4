// Submits one report with an image, and reads the image again by the link that the report gives.
import { type DemoRun, sampleDomain } from './demo-run.ts';

/** A PNG of one pixel. */
export const smallPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

/** Uploads an image, submits a report that names it, and prints what the report says of it. */
export async function attachImage(run: DemoRun): Promise<void> {
  const { api, narrator, signal, problems } = run;
  const imageUrl = await api.uploadImage(new Uint8Array(smallPng), 'image/png');
  const text = 'A hydrant is leaking on Centre Street, see the photo';
  const body = { domain_id: sampleDomain, text, images: [imageUrl] };
  const { incident_id, job_id } = await api.post('/api/v1/reports', { body });
  for await (const _ of api.follow({ jobId: job_id, signal }));
  const report = await api.get('/api/v1/reports/{incident_id}', { path: { incident_id } });
  const [image] = report.images;
  if (!image?.url) {
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
