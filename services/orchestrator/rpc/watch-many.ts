// What WatchSession and WatchOwn share: events of many runs, each with the place where its stream goes on.
import type { HandlerContext } from '@connectrpc/connect';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import { requirePerson } from '../core/person.ts';
import type { WatchDeps } from './watch-deps.ts';
import { endSignal, throwIfCut, toldWire } from './watch-wire.ts';

/** Which runs of the caller are watched, from where. */
export interface ManyWatched {
  /** Absent for all. */
  readonly sessionId?: string;
  /** Empty for what happens from now on. */
  readonly resume: string;
}

/** Steps of the stream. Fault `invalid_argument` for a place in another stream. */
export async function* watchMany(
  { hub, tokens, draining }: WatchDeps,
  { resume, ...session }: ManyWatched,
  context: HandlerContext,
) {
  const principal = principalOf(context);
  requirePerson(principal);
  const { tenantId, userId } = principal;
  const subject = { tenantId, userId, ...session };
  const vector = resume === '' ? undefined : tokens.open(subject, resume);
  const cut = { context, draining };
  let wasTold = false;
  for await (const { step, vector: read } of hub.watchMany(subject, vector, endSignal(cut))) {
    const isPlace = step.type === 'event' || (step.type === 'alive' && !wasTold);
    wasTold ||= step.type === 'event';
    yield { told: toldWire(step), resume: isPlace ? tokens.seal(subject, read) : '' };
  }
  throwIfCut(cut);
}
