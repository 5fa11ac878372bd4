// What is known of the neighbours: whether each has ever served, for readiness, and whether each serves now, for the health page.
import type { Clock } from '../../foundation/clock.ts';
import type { Health } from '../../foundation/process/health.ts';
import { type MeshClients, type NeighbourName, type NeighbourState, neighbourNames } from './mesh-clients.ts';

/** How long an answer about health is kept, in milliseconds. */
export const healthKeptMs = 30_000;

const checkTimeoutMs = 2_000;
const askAgainMs = 250;

/** How each neighbour is. */
export type NeighbourStates = Readonly<Record<NeighbourName, NeighbourState>>;

/** Asks all neighbours at once and keeps the answer for `healthKeptMs`; requests at the same time share one question. */
export function createNeighbourHealth(clients: MeshClients, clock: Clock): () => Promise<NeighbourStates> {
  let kept: { states: Promise<NeighbourStates>; untilMs: number } | undefined;
  const ask = async (): Promise<NeighbourStates> => {
    const stateOf = (name: NeighbourName) => clients.stateOf(name, checkTimeoutMs);
    const [registry, reports, sessions, orchestrator] = await Promise.all([
      stateOf('registry'),
      stateOf('reports'),
      stateOf('sessions'),
      stateOf('orchestrator'),
    ]);
    return { registry, reports, sessions, orchestrator };
  };
  return () => {
    if (!kept || kept.untilMs <= clock()) kept = { states: ask(), untilMs: clock() + healthKeptMs };
    return kept.states;
  };
}

/**
 * Marks each neighbour in the gateway's health as serving once it has said so, and never takes that back: a gateway whose neighbour is
 * away still answers what it can. The result ends the asking.
 */
export function awaitNeighbours(health: Health, clients: MeshClients): () => void {
  const timers = new Set<NodeJS.Timeout>();
  let stopped = false;
  const ask = async (name: NeighbourName): Promise<void> => {
    const state = await clients.stateOf(name, checkTimeoutMs);
    if (stopped) return;
    if (state === 'serving') return health.set(name, 'serving');
    const timer = setTimeout(() => {
      timers.delete(timer);
      void ask(name);
    }, askAgainMs).unref();
    timers.add(timer);
  };
  for (const name of neighbourNames) void ask(name);
  return () => {
    stopped = true;
    for (const timer of timers) clearTimeout(timer);
  };
}
