// Hears what another replica of this service tells. Opening the stream again when it ends is its caller's business.
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Tracer } from '@opentelemetry/api';
import type { JWK } from 'jose';
import type { Clock } from '../../../foundation/clock.ts';
import { createServiceTokenMint } from '../../../foundation/identity/mesh-issuers.ts';
import { callWith } from '../../../foundation/rpc/caller.ts';
import { createMeshClient } from '../../../foundation/rpc/mesh-client.ts';
import { createMeshTransport } from '../../../foundation/rpc/mesh-transport.ts';
import type {
  FeedEntries as EntriesMessage,
  FeedText as TextMessage,
} from '../../../proto/gen/domainflow/orchestrator/v1/feed_pb.js';
import {
  type FeedResponse,
  ReplicaService,
} from '../../../proto/gen/domainflow/orchestrator/v1/replica_service_pb.js';
import type { FeedItem } from '../core/feed-item.ts';
import type { JournalEvent } from '../core/journal-event.ts';

/** How long one stream lasts, in milliseconds. */
const feedMs = 15 * 60_000;

/** What hearing needs. */
export interface PeerFeedDeps {
  /** The service speaks for itself by tokens that this key signs. */
  readonly runSigningKey: JWK;
  readonly tracer: Tracer;
  readonly clock: Clock;
}

/** Opens the feed of the replica at an address over a connection of its own. It ends when the signal is aborted. */
export type OpenFeed = (address: string, signal: AbortSignal) => AsyncGenerator<FeedItem | 'alive'>;

/** Opens feeds over the mesh. */
export function createOpenFeed({ runSigningKey, tracer, clock }: PeerFeedDeps): OpenFeed {
  const token = createServiceTokenMint('orchestrator', runSigningKey, clock);
  return async function* (target, signal) {
    const transport = createMeshTransport({ target, tracer, clock });
    try {
      const client = createMeshClient(ReplicaService, transport);
      for await (const message of client.feed({}, callWith({ token: token(), timeoutMs: feedMs, signal }))) {
        const item = itemOf(message);
        if (item) yield item;
      }
    } finally {
      transport.close();
    }
  };
}

function itemOf({ told }: FeedResponse): FeedItem | 'alive' | undefined {
  switch (told.case) {
    case 'alive':
      return 'alive';
    case 'entries':
      return entriesOf(told.value);
    case 'text':
      return textOf(told.value);
    default:
      return undefined;
  }
}

function subjectOf({ tenantId, executionId, createdBy, sessionId }: EntriesMessage | TextMessage) {
  return { tenantId, executionId, createdBy, ...(sessionId === '' ? {} : { sessionId }) };
}

function entriesOf(message: EntriesMessage): FeedItem | undefined {
  const { entries } = message;
  const [first] = entries;
  if (!first) return undefined;
  return {
    type: 'entries',
    ...subjectOf(message),
    seq: Number(first.seq),
    atMs: first.at ? timestampMs(first.at) : 0,
    events: entries.map(({ event }) => JSON.parse(event) as JournalEvent),
  };
}

function textOf(message: TextMessage): FeedItem {
  const { taskId, nodeId, attempt, offset, text } = message;
  return { type: 'text', ...subjectOf(message), taskId, nodeId, attempt, offset: Number(offset), text };
}
