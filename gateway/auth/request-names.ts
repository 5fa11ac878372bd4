// Requests with an Idempotency-Key as the orchestrator remembers them, on behalf of whoever sent them.
import type { Client } from '@connectrpc/connect';
import type { FastifyRequest } from 'fastify';
import { Fault } from '../../foundation/fault/fault.ts';
import { callWith } from '../../foundation/rpc/caller.ts';
import type { RequestNameService } from '../../proto/gen/domainflow/orchestrator/v1/request_name_service_pb.js';
import type { RequestNames } from '../http/idempotent-posts.ts';
import { callerOf } from './require-principal.ts';

/** A request that holds its claim for longer has lost its gateway, in seconds. The longest one takes half a minute. */
const leaseSeconds = 120;
/** Time for each question, in milliseconds. */
const timeoutMs = 5_000;

/** Remembers by these calls. They go on when the client goes away: what it asked for is carried out and told to its next try. */
export function createRequestNames(names: Client<typeof RequestNameService>): RequestNames {
  const call = (request: FastifyRequest) => callWith({ token: callerOf(request).meshToken(), timeoutMs });
  return {
    async claim(request, named) {
      const { requestId, outcome } = await names.claimName({ ...named, leaseSeconds }, call(request));
      return { requestId, ...outcomeOf(outcome) };
    },
    async keep(request, { name, claim, answer }) {
      await names.keepAnswer({ name, claim, answer }, call(request));
    },
    async release(request, { name, claim }) {
      await names.releaseName({ name, claim }, call(request));
    },
  };
}

type Outcome = Awaited<ReturnType<Client<typeof RequestNameService>['claimName']>>['outcome'];

function outcomeOf({ case: kind, value }: Outcome): { claim: string } | { answer: Uint8Array } {
  if (kind === undefined) throw new Fault('internal', 'A claim of a name was answered nothing');
  return kind === 'claim' ? { claim: value } : { answer: value };
}
