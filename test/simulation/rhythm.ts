// How often simulated engines give signs of life and look after others.
import type { Rhythm } from '../../services/orchestrator/engine/rhythm.ts';

/** The times of the engines: their proportions are those in production, their rests are longer, so that a history has fewer of them. */
export const rhythm: Rhythm = {
  beatMs: 1_500,
  leaseMs: 6_000,
  goneMs: 3_000,
  lookMs: 2_000,
  reloadMs: 500,
  recordedLateMs: 3_000,
  deliverMs: 500,
  callerWaitMs: 3_000,
};
