// The API as its routes describe it, with nothing behind them: for what compares, releases or checks the description without a gateway.
import { type FastifyInstance, fastify } from 'fastify';
import type { SigningKeyPair } from '../../foundation/identity/signing-key.ts';
import type { JsonSchema } from '../core/operation.ts';
import { type RouteDeps, registerRoutes } from './api.ts';

/** What may be different from one gateway to another. */
export interface DescribedGateway {
  /** Absent for a gateway without a development issuer. */
  readonly devKey?: SigningKeyPair;
  /** Called before the routes are registered. */
  readonly prepare?: (app: FastifyInstance) => void;
}

/** The OpenAPI document. */
export async function describedApi({ devKey, prepare }: DescribedGateway = {}): Promise<JsonSchema> {
  const app = fastify();
  // Nothing is called, so nothing is checked or written and nothing is needed behind the routes.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => () => '');
  prepare?.(app);
  await registerRoutes(app, { clients: {}, devKey } as unknown as RouteDeps);
  await app.ready();
  const document = JSON.parse(JSON.stringify(app.swagger()));
  await app.close();
  return document;
}
