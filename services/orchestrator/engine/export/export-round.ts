// One round of the export: everything that happened between two views of the database, published piece by piece. A round that fails is
// repeated from its beginning, so that each event is told at least once.

import type { EventSink } from '../../clients/event-sink.ts';
import { deadLetter, type ExportEvent, exportEventOf, serviceHealthEvent } from '../../core/export-event.ts';
import type { ExportPlace, ExportStore, HappeningSource } from '../../store/store.ts';

/** What a round works with. */
export interface RoundDeps {
  readonly store: ExportStore;
  readonly sink: EventSink;
  readonly signal: AbortSignal;
  /** Told after each piece; throws when the export was taken over. */
  readonly onPublished: (published: number, refused: number) => Promise<void>;
  /** Ids of workers' events that were told lately: the row of a worker is written anew with every sign of life. */
  readonly told: Set<string>;
  /** An event that not even the topic of dead letters takes is given up. */
  readonly onLost: (event: ExportEvent, reason: string) => void;
}

const sources: readonly HappeningSource[] = ['entries', 'workers', 'tasks', 'runs'];
/** Events in one request. */
const pieceSize = 200;
const toldMax = 10_000;

/** Publishes what happened since the place, and answers the next one. Throws what the sink and the store throw. */
export async function exportRound(deps: RoundDeps, { seen, services }: ExportPlace): Promise<ExportPlace> {
  const { store } = deps;
  const through = await store.view();
  for (const source of sources) {
    let after: { readonly at: string; readonly id: string } | undefined;
    do {
      const piece = await store.read({ source, seen, through, limit: pieceSize, ...(after && { after }) });
      const events = piece.happenings.map(exportEventOf);
      await publish(deps, source === 'workers' ? untold(deps.told, events) : events);
      after = piece.after;
    } while (after);
  }
  const checked = await store.services();
  const changed = checked.filter(({ service, status }) => status !== (services[service] ?? 'unknown'));
  await publish(
    deps,
    changed.map(({ service, status, atMs }) => serviceHealthEvent(service, status, atMs)),
  );
  return {
    seen: through,
    services: Object.fromEntries(checked.map(({ service, status }) => [service, status])),
  };
}

function untold(told: Set<string>, events: readonly ExportEvent[]): readonly ExportEvent[] {
  const fresh = events.filter(({ id }) => !told.has(id));
  for (const { id } of fresh) told.add(id);
  for (const id of told) {
    if (told.size <= toldMax) break;
    told.delete(id); // the oldest first
  }
  return fresh;
}

async function publish(
  { sink, signal, onPublished, onLost }: RoundDeps,
  events: readonly ExportEvent[],
): Promise<void> {
  for (const ofTopic of Map.groupBy(events, ({ topic }) => topic).values()) {
    const refused = await sink.publish(ofTopic, signal);
    const letters = refused.map(({ event, reason }) => deadLetter(event, reason));
    const lost = await sink.publish(letters, signal);
    for (const { event, reason } of lost) onLost(event, reason);
    await onPublished(ofTopic.length - refused.length, refused.length);
  }
}
