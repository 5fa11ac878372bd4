// What calls of models are made with, and for whom. Types only.
import type { Tracer } from '@opentelemetry/api';
import type { Clock } from '../../../../foundation/clock.ts';
import type { Log } from '../../../../foundation/telemetry/log.ts';
import type { Ledger } from '../../clients/ledger.ts';
import type { Invocation } from '../../core/invocation.ts';
import type { ModelSettings, ProviderSettings } from '../../core/model/model-settings.ts';
import type { InvocationCircumstances } from '../run-agent.ts';
import type { BreakerOf } from './model-breakers.ts';
import type { ModelMetrics } from './model-metrics.ts';
import type { ModelWire } from './model-wire.ts';

/** What calls are made with. */
export interface ModelCallsDeps {
  readonly settings: ModelSettings;
  readonly ledger: Ledger;
  readonly wire: Pick<ModelWire, 'watch'>;
  readonly breakerOf: BreakerOf;
  readonly metrics: ModelMetrics;
  readonly tracer: Tracer;
  readonly log: Log;
  readonly clock: Clock;
  /** A number from 0 to 1, by chance. */
  readonly chance: () => number;
}

/** For whom calls are made, and of which model. */
export interface CallsOf {
  readonly invocation: Invocation;
  readonly circumstances: InvocationCircumstances;
  readonly provider: ProviderSettings;
  readonly model: string;
}
