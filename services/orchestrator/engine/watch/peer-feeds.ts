// Streams of what other replicas tell: one for each replica that somebody here wants to hear, for as long as that is so.
import { followStream } from '../../../../foundation/rpc/follow-stream.ts';
import type { FeedItem, FeedText } from '../../core/feed-item.ts';
import { type AttemptTexts, createAttemptTexts } from './attempt-texts.ts';

/** Streams at the same time. */
export const peersMax = 64;

/** A stream that tells nothing for this long is left, in milliseconds; a sign of life comes every second. */
const silenceMs = 3_000;

/**
 * Opens the feed of the replica at an address. It begins with a sign of life, after which everything that becomes durable is told, and ends
 * when the signal is aborted.
 */
export type OpenPeerFeed = (address: string, signal: AbortSignal) => AsyncIterable<FeedItem | 'alive'>;

/** What streams of peers need. */
export interface PeerFeedsDeps {
  readonly open: OpenPeerFeed;
  readonly onItem: (item: FeedItem, address: string) => void;
  /** Everything is told from now on; what came before may have been missed. */
  readonly onUp: (address: string) => void;
}

/** Streams of peers. */
export interface PeerFeeds {
  /** From now on these replicas are heard and no others. Those beyond the most are left out. */
  want(addresses: ReadonlySet<string>): void;
  /** True while everything that becomes durable there is told. */
  isUp(address: string): boolean;
  /** Texts so far of a run that is held there. */
  texts(address: string, executionId: string): readonly FeedText[];
  /** Resolves when every stream has ended. */
  close(): Promise<void>;
}

interface Peer {
  isUp: boolean;
  texts: AttemptTexts;
  readonly stop: () => Promise<void>;
}

/** No streams yet. */
export function createPeerFeeds({ open, onItem, onUp }: PeerFeedsDeps): PeerFeeds {
  const peers = new Map<string, Peer>();
  const ending = new Set<Promise<void>>();

  function hear(address: string): void {
    const stop = followStream({
      open: (signal) => open(address, signal),
      silenceMs,
      onMessage: (message) => {
        if (!peer.isUp) {
          peer.isUp = true;
          onUp(address);
        }
        if (message === 'alive') return;
        peer.texts.note(message);
        onItem(message, address);
      },
      onEnd: () => {
        peer.isUp = false;
        peer.texts = createAttemptTexts();
      },
    });
    const peer: Peer = { isUp: false, texts: createAttemptTexts(), stop };
    peers.set(address, peer);
  }

  function leave(address: string, { stop }: Peer): void {
    peers.delete(address);
    const ended = stop();
    ending.add(ended);
    void ended.finally(() => ending.delete(ended));
  }

  return {
    want(addresses) {
      for (const [address, peer] of peers) if (!addresses.has(address)) leave(address, peer);
      for (const address of addresses) if (!peers.has(address) && peers.size < peersMax) hear(address);
    },
    isUp: (address) => peers.get(address)?.isUp ?? false,
    texts: (address, executionId) => peers.get(address)?.texts.texts(executionId) ?? [],
    async close() {
      for (const [address, peer] of peers) leave(address, peer);
      await Promise.all(ending);
    },
  };
}
