// Endpoints of an earlier API. Each answers 410 with its replacement, to every method and to everyone.
import type { FastifyInstance } from 'fastify';
import { HttpProblem } from '../http/http-problem.ts';

const replacements: Readonly<Record<string, string>> = {
  '/config': '/api/v1/agents and /api/v1/domains',
  '/config/:type/:id': '/api/v1/agents and /api/v1/domains',
  '/ingest': 'POST /api/v1/reports',
  '/query': 'POST /api/v1/queries',
  '/data': '/api/v1/data/geo, /api/v1/data/aggregated and /api/v1/reports',
  '/status/:job_id': '/api/v1/executions/{job_id}',
};

/** Registers the removed paths, with and without the API base. */
export function removedEndpoints(app: FastifyInstance, base: string): void {
  for (const [path, replacement] of Object.entries(replacements)) {
    // Refused before the body is looked at, so that its type and form do not matter.
    const gone = async (): Promise<never> => {
      throw new HttpProblem(410, `This endpoint was removed; use ${replacement}`);
    };
    for (const url of [path, `${base}${path}`]) {
      app.route({
        method: app.supportedMethods,
        url,
        onRequest: gone,
        handler: gone,
        exposeHeadRoute: false,
      });
    }
  }
}
