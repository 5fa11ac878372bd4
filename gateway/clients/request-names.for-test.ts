// Requests with a name as the orchestrator remembers them, in memory, for tests of the gateway.
import { randomUUID } from 'node:crypto';
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { Fault } from '../../foundation/fault/fault.ts';
import { newId } from '../../foundation/ids/ids.ts';
import { principalOf } from '../../foundation/rpc/caller.ts';
import type { RequestNameService } from '../../proto/gen/domainflow/orchestrator/v1/request_name_service_pb.js';

interface Kept {
  readonly bodyHash: string;
  readonly requestId: string;
  claim: string;
  answer?: Uint8Array<ArrayBuffer>;
}

/** Handlers, and what they remember. */
export interface RememberedNames extends Required<Omit<ServiceImpl<typeof RequestNameService>, 'close'>> {
  readonly kept: ReadonlyMap<string, Kept>;
  /** Every claim ends as if its lease had run out. */
  loseClaims(): void;
}

/** Nothing is remembered yet. */
export function rememberNames(): RememberedNames {
  const kept = new Map<string, Kept>();
  const keyOf = (name: Uint8Array, context: HandlerContext): string => {
    const { tenantId, userId } = principalOf(context);
    return `${tenantId} ${userId} ${Buffer.from(name).toString('hex')}`;
  };
  const held = ({ name, claim }: { name: Uint8Array; claim: string }, context: HandlerContext) => {
    const found = kept.get(keyOf(name, context));
    return found?.claim === claim ? found : undefined;
  };
  return {
    kept,
    loseClaims: () => {
      for (const each of kept.values()) each.claim = '';
    },
    claimName: ({ name, bodyHash }, context) => {
      const hash = Buffer.from(bodyHash).toString('hex');
      const key = keyOf(name, context);
      const found = kept.get(key) ?? { bodyHash: hash, requestId: newId(), claim: '' };
      kept.set(key, found);
      const { requestId, answer } = found;
      if (found.bodyHash !== hash)
        throw new Fault('request_reused', 'The name (Idempotency-Key) was used for another one');
      if (answer) return { requestId, outcome: { case: 'answer', value: answer } };
      if (found.claim !== '')
        throw new Fault('aborted', 'The first request of this name is being carried out');
      found.claim = randomUUID();
      return { requestId, outcome: { case: 'claim', value: found.claim } };
    },
    keepAnswer: ({ answer, ...named }, context) => {
      const found = held(named, context);
      if (found) found.answer = new Uint8Array(answer);
      return {};
    },
    releaseName: (named, context) => {
      const found = held(named, context);
      if (found) found.claim = '';
      return {};
    },
  };
}
