// Connections to workers that speak the contract of the agents service. Each call has its own: none is shared, and none outlives its call.
import type { Transport } from '@connectrpc/connect';
import { createConnectTransport, createGrpcTransport } from '@connectrpc/connect-node';
import type { GuardPolicy } from '../../../../foundation/net/guarded-connect.ts';
import { createGuardedLookup } from '../../../../foundation/net/guarded-lookup.ts';
import { createReplicaSession } from '../../../../foundation/rpc/replica-session.ts';
import type { Worker } from '../../core/worker/worker.ts';
import { answerBytesMax } from './worker-call.ts';

/** A transport to one worker. */
export interface WorkerTransport {
  readonly transport: Transport;
  /** Closes the connection; calls under way fail. */
  close(): void;
}

/** How long opening a connection may take, in milliseconds. */
const connectTimeoutMs = 10_000;
/** What one connection may hold in memory, in megabytes. */
const sessionMegabytesMax = 32;

/** Opens nothing before the first call. The endpoint is one that may be called; names are looked at when they are resolved. */
export function openWorkerTransport({ endpoint, protocol }: Worker, policy: GuardPolicy): WorkerTransport {
  const url = new URL(endpoint);
  const trusted = policy.ca === undefined ? {} : { ca: policy.ca };
  const reach = { lookup: createGuardedLookup(url.protocol, policy), ...trusted };
  const limits = {
    baseUrl: `${url.origin}${url.pathname}`,
    readMaxBytes: answerBytesMax,
    acceptCompression: [], // a small message that unfolds into a large one would be read in vain
  };
  if (protocol === 'connect') {
    // Every Connect server answers HTTP/1.1. Without an agent of many there is no connection that another lookup has opened.
    const nodeOptions = { ...reach, agent: false };
    return {
      transport: createConnectTransport({ ...limits, httpVersion: '1.1', nodeOptions }),
      close: () => {},
    };
  }
  const session = createReplicaSession(url.origin, { ...reach, connectTimeoutMs, sessionMegabytesMax });
  return {
    transport: createGrpcTransport({ ...limits, sessionManager: session }),
    close: () => session.close(),
  };
}
