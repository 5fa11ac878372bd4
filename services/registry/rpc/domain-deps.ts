// What the RPCs that judge and write domains need.
import type { Clock } from '../../../foundation/clock.ts';
import type { DefinitionLimits } from '../core/limits.ts';
import type { DefinitionStore } from '../store/store.ts';

/** What judging and writing domains needs. */
export interface DomainDeps {
  readonly store: DefinitionStore;
  readonly limits: DefinitionLimits;
  readonly clock: Clock;
}
