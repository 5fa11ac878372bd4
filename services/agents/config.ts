// The settings of the agents service.
import { type Environment, readConfig } from '../../foundation/config/reader.ts';
import {
  type PrivateKey,
  readPrivateKey,
  readServiceConfig,
  type ServiceConfig,
} from '../../foundation/config/service-config.ts';

/** Settings of the agents service. */
export interface AgentsConfig extends ServiceConfig {
  /** `AGENTS_SIGNING_KEY`: private Ed25519 key of the tokens with which the service speaks for itself. */
  readonly signingKey: PrivateKey;
  /** `REGISTRY_TARGET`, `REPORTS_TARGET`: addresses, or `dns:///name:port`. */
  readonly targets: { readonly registry: string; readonly reports: string };
  /** `INVOCATIONS_MAX` [256]: attempts that run in this process at the same time. */
  readonly invocationsMax: number;
}

/** Reads and checks the settings; throws one ConfigError with every problem. */
export function readAgentsConfig(env: Environment = process.env): AgentsConfig {
  return readConfig(env, (read) => ({
    ...readServiceConfig(read),
    signingKey: readPrivateKey(read, 'AGENTS_SIGNING_KEY'),
    targets: { registry: read.text('REGISTRY_TARGET'), reports: read.text('REPORTS_TARGET') },
    invocationsMax: read.integer('INVOCATIONS_MAX', { min: 1, max: 10_000, default: 256 }),
  }));
}
