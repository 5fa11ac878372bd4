// Feed: what this replica tells its own watchers, for those of another replica. A stream lasts as long as its deadline; its caller then opens
// the next one.
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
import { callingServiceOf } from '../../../foundation/rpc/caller.ts';
import type { ReplicaService } from '../../../proto/gen/domainflow/orchestrator/v1/replica_service_pb.js';
import { type FeedItem, slimEvent } from '../core/feed-item.ts';
import type { Feed } from '../engine/feed.ts';
import { createWatchQueue } from '../engine/watch/watch-queue.ts';
import { endSignal, throwIfCut } from './watch-wire.ts';

const aliveMs = 1_000;
/** What may wait for another replica: it hears of every run here. */
const bounds = { stepsMax: 10_000, weightMax: 8_000_000 };

/** Feed. `permission_denied` for everybody but replicas of this service. `draining` ends streams when the service goes. */
export function feed(source: Feed, draining: AbortSignal): ServiceImpl<typeof ReplicaService>['feed'] {
  return async function* (_request, context) {
    const { service, forItself } = callingServiceOf(context);
    if (service !== 'orchestrator' || !forItself) {
      throw new Fault('permission_denied', 'Only replicas of the orchestrator hear what it tells');
    }
    const queue = createWatchQueue<ReturnType<typeof toldOf>>({ aliveMs, ...bounds });
    const push = (item: FeedItem): void => {
      const told = toldOf(item);
      queue.push(told, weightOf(told));
    };
    const stop = source.listen(push);
    const cut = { context, draining };
    try {
      for (const text of source.texts()) push(text);
      yield alive;
      let aliveAtMs = performance.now();
      for await (const told of queue.read(endSignal(cut))) {
        if (told !== 'alive') yield { told };
        if (performance.now() - aliveAtMs < aliveMs) continue;
        aliveAtMs = performance.now();
        yield alive;
      }
      throwIfCut(cut);
    } finally {
      stop();
    }
  };
}

const alive = { told: { case: 'alive' as const, value: true } };

function toldOf(item: FeedItem) {
  const { tenantId, executionId, createdBy, sessionId = '' } = item;
  const subject = { tenantId, executionId, createdBy, sessionId };
  if (item.type === 'text') {
    const { taskId, nodeId, attempt, offset, text } = item;
    const value = { ...subject, taskId, nodeId, attempt, offset: BigInt(offset), text };
    return { case: 'text' as const, value };
  }
  const { seq, atMs, events } = item;
  const at = timestampFromMs(atMs);
  const entries = events.map((event, place) => ({
    seq: BigInt(seq + place),
    at,
    event: JSON.stringify(slimEvent(event)),
  }));
  const ended = events.at(-1)?.type === 'ended';
  return { case: 'entries' as const, value: { ...subject, entries, ended } };
}

function weightOf(told: ReturnType<typeof toldOf>): number {
  if (told.case === 'text') return told.value.text.length;
  return told.value.entries.reduce((sum, { event }) => sum + event.length, 0);
}
