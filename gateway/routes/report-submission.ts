// Submitting one report: what a submission holds, how its images are handed over, and how its run is started. Routes that take one report or
// many do it this way.
import type { FastifyRequest } from 'fastify';
import { asFault, invalidArgument, type Violation } from '../../foundation/fault/fault.ts';
import type { StartIngestionResponse } from '../../proto/gen/domainflow/orchestrator/v1/execution_service_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { type ImageSource, imagesMax, readImages } from '../core/image-source.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { domainIdSchema, objectSchema, type Schema, textSchema } from '../http/schema-parts.ts';
import { carryTimeoutMs, meshCall, startTimeoutMs } from './mesh-call.ts';

/** Largest body of a submission, in bytes: five images as data URLs and a text. */
export const submissionBytesMax = 36 * 1024 * 1024;

/** A new report as it is sent. */
export interface NewReport {
  readonly domain_id: string;
  readonly text: string;
  readonly source: string;
  readonly images?: readonly string[];
}

/** Schema of `NewReport`. */
export const newReportSchema: Schema = objectSchema(
  {
    domain_id: domainIdSchema,
    text: textSchema(1, 10_000, { title: 'What happened, in the words of the reporter' }),
    source: textSchema(1, 50, { default: 'web', title: 'Where it came from' }),
    images: {
      type: 'array',
      title: 'Data URLs, `image_url`s of POST /reports/images, or https links, which are never fetched',
      maxItems: imagesMax,
      items: { type: 'string', minLength: 1, format: 'plain-text' },
    },
  },
  ['domain_id', 'text'],
);

/**
 * Starts the run of a report whose form was checked; `requestId` is empty for none. HttpProblem 413 for an image that is too large. Images are
 * handed over one after the other, so that few lie in memory twice.
 */
export async function submitReport(
  { executions, images }: MeshClients,
  request: FastifyRequest,
  { report, requestId }: { readonly report: NewReport; readonly requestId: string },
): Promise<StartIngestionResponse> {
  const { domain_id: domainId, text, source } = report;
  const urls: string[] = [];
  const problems: Violation[] = [];
  for (const [at, image] of usableImages(report.images ?? []).entries()) {
    try {
      urls.push(await urlOf(images, request, image));
    } catch (error) {
      const { reason, violations } = asFault(error);
      if (reason !== 'invalid_argument') throw error;
      problems.push(...violations.map((found) => ({ field: `images[${at}]`, reason: found.reason })));
    }
  }
  if (problems.length > 0) throw invalidArgument(problems);
  const wanted = { domainId, text, source, images: urls, requestId };
  return executions.startIngestion(wanted, meshCall(request, startTimeoutMs));
}

function usableImages(entries: readonly string[]): readonly ImageSource[] {
  const { sources, problems, tooLarge } = readImages(entries);
  if (problems.length === 0) return sources;
  const fault = invalidArgument(problems);
  throw tooLarge ? new HttpProblem(413, fault.message, { violations: problems }) : fault;
}

async function urlOf(
  images: MeshClients['images'],
  request: FastifyRequest,
  source: ImageSource,
): Promise<string> {
  if (source.kind === 'url') return source.url;
  const { contentType, base64 } = source;
  const call = meshCall(request, carryTimeoutMs);
  return (await images.putImage({ contentType, data: Buffer.from(base64, 'base64') }, call)).imageUrl;
}
