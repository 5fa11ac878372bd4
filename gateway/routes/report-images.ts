// /reports/images: where an image can be put before the report that it belongs to is submitted.
import type { FastifyInstance } from 'fastify';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { imageBytesMax, imageTypes } from '../core/image-source.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { objectSchema } from '../http/schema-parts.ts';
import { meshCall } from './mesh-call.ts';
import { timeJson } from './time-json.ts';

interface NewImage {
  readonly content_type: string;
  readonly size_bytes: number;
}

const createConfig = { role: 'editor', permission: 'reports:create' } as const;
const newImageSchema = objectSchema(
  {
    content_type: { type: 'string', enum: imageTypes },
    size_bytes: { type: 'integer', minimum: 1 },
  },
  ['content_type', 'size_bytes'],
);

/** Registers the route of uploads. */
export function reportImageRoutes(app: FastifyInstance, { images }: MeshClients): void {
  app.post<{ Body: NewImage }>(
    '/reports/images',
    { config: createConfig, schema: { body: newImageSchema } },
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
