// /reports/images: where an image can be put before the report that it belongs to is submitted.
import type { FastifyInstance } from 'fastify';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { named } from '../core/answer-schema.ts';
import { imageBytesMax, imageTypes } from '../core/image-source.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { objectSchema } from '../http/schema-parts.ts';
import { meshCall } from './mesh-call.ts';
import { imageUploadExample } from './report-example.ts';
import { timeJson } from './time-json.ts';

interface NewImage {
  readonly content_type: string;
  readonly size_bytes: number;
}

const createConfig = { role: 'editor', permission: 'reports:create' } as const;
const newImageSchema = objectSchema(
  {
    content_type: { type: 'string', enum: imageTypes },
    size_bytes: { type: 'integer', minimum: 1, title: 'The exact size, at most 5242880' },
  },
  ['content_type', 'size_bytes'],
);

const operation: Operation = {
  ...{ id: 'createImageUpload', tag: 'Reports', summary: 'Get a place for an image of a report to come' },
  description: `PUT the bytes to \`upload_url\` within 15 minutes, then name \`image_url\` in \`images\` of a report. What no report takes
within 24 hours is removed.`,
  ...{ body: newImageSchema, bodyExamples: [{ content_type: 'image/jpeg', size_bytes: 482_133 }] },
  answers: {
    201: {
      description: 'Where to put the image, and how to name it',
      ...{ schema: named('ImageUpload'), example: imageUploadExample },
    },
  },
  refusals: { 413: `size_bytes: must be at most ${imageBytesMax}` },
};

/** Registers the route of uploads. */
export function reportImageRoutes(app: FastifyInstance, { images }: MeshClients): void {
  app.post<{ Body: NewImage }>(
    '/reports/images',
    { config: createConfig, schema: routeSchema(operation) },
    async (request, reply) => {
      const { content_type: contentType, size_bytes: size } = request.body;
      if (size > imageBytesMax) throw tooLarge();
      const wanted = { contentType, sizeBytes: BigInt(size) };
      const created = await images.createUpload(wanted, meshCall(request));
      // Whoever holds the URL can upload.
      reply.code(201).header('cache-control', 'no-store');
      return {
        image_url: created.imageUrl,
        upload_url: created.uploadUrl,
        object_key: created.objectKey,
        expires_at: timeJson(created.expiresAt),
      };
    },
  );
}

function tooLarge(): HttpProblem {
  const violation = { field: 'size_bytes', reason: `must be at most ${imageBytesMax}` };
  const sentence = `${violation.field}: ${violation.reason}`;
  return new HttpProblem(413, sentence, { violations: [violation] });
}
