// The images of the report that a run is about, for models that see. Only images that the platform itself has checked and stored are read;
// links to other places are fetched by nobody.
import { Fault } from '../../../../foundation/fault/fault.ts';
import type { ReportImage } from '../../../../proto/gen/domainflow/reports/v1/report_pb.js';
import type { MeshClients } from '../../clients/mesh-clients.ts';
import type { InvocationCircumstances } from '../run-agent.ts';

/** An image. */
export interface ShownImage {
  /** Media type. */
  readonly contentType: string;
  readonly data: Uint8Array;
}

/** The most images of a report, and the largest one in bytes. */
const imagesMax = 5;
const imageBytesMax = 5 * 1_024 * 1_024;

/** The images, in their order; empty for runs without a report. Fault `unavailable` when one cannot be read: the answer would rest on less. */
export async function readShownImages(
  { reports }: Pick<MeshClients, 'reports'>,
  { capability, writeTarget, callOptions, signal }: InvocationCircumstances,
): Promise<readonly ShownImage[]> {
  if (capability !== 'ingestion' || writeTarget === '') return [];
  const { report } = await reports.getReport({ incidentId: writeTarget }, callOptions());
  const images = report?.images.filter(({ verified, url }) => verified && url !== '') ?? [];
  return Promise.all(images.slice(0, imagesMax).map((image) => readImage(image, signal)));
}

/** The bytes are counted as they come: what an answer says of its size is that of the packed body, if it says so at all. */
async function readBounded(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > imageBytesMax) {
      throw new Fault('unavailable', `An image of the report has more than ${imageBytesMax} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function readImage({ url, contentType }: ReportImage, signal: AbortSignal): Promise<ShownImage> {
  try {
    const response = await fetch(url, { signal, redirect: 'error' });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw new Fault('unavailable', `The store of images answered with status ${response.status}`);
    }
    return { contentType, data: await readBounded(response.body) };
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof Fault
      ? error
      : new Fault('unavailable', 'An image of the report cannot be read', { cause: error });
  }
}
