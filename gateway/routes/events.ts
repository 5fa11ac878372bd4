// What happens in runs, as server-sent events: of one run, of all runs of a session, of all that the caller started. A stream goes on where
// a client has left off, and across replicas that come and go.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { callWith } from '../../foundation/rpc/caller.ts';
import { callerOf } from '../auth/require-principal.ts';
import { followWatch, type WatchStep } from '../clients/follow-watch.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { text } from '../core/answer-schema.ts';
import { eventFrame } from '../core/event-frame.ts';
import { lastEventId, lastEventIdLengthMax, lastSeq, type SentEventId } from '../core/last-event-id.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import type { EventStreams } from '../http/event-streams.ts';
import { objectSchema, textSchema } from '../http/schema-parts.ts';
import { framesOf } from './event-json.ts';
import { streamAnswer } from './event-schema.ts';
import { executionPath } from './execution-schema.ts';
import { pathId } from './path-id.ts';

/** How long one stream of the mesh is read before the next one is opened, in milliseconds. */
const watchMs = 10 * 60_000;

/** What the routes need. */
export interface EventRouteDeps {
  readonly clients: Pick<MeshClients, 'watches'>;
  readonly eventStreams: EventStreams;
}

interface EventQuery {
  readonly last_event_id?: string;
}

type EventRequest = FastifyRequest<{ Querystring: EventQuery }>;

interface Watched {
  readonly open: (place: string, call: ReturnType<typeof callWith>) => AsyncIterable<WatchStep>;
  readonly from: string;
  /** The run whose stream it is; absent for streams without an end. */
  readonly jobId?: string;
}

const common = {
  querystring: objectSchema({
    last_event_id: textSchema(0, lastEventIdLengthMax, {
      title: 'The same as the header `Last-Event-ID`, which comes first, for those who cannot set headers',
    }),
  }),
  headers: ['Last-Event-ID'],
  refusals: {
    400: 'last_event_id: must be the id of an event of this run, a whole number from 0',
    429: 'You have 20 event streams open, which is the most; close one first',
  },
} as const;

const manner = `Every 10 seconds a comment keeps the connection in use. A client that comes back with \`Last-Event-ID\` goes on without a gap and
without a repetition. A stream that cannot go on ends with the event \`error\`.`;

const operations = {
  execution: {
    ...{ id: 'watchExecution', tag: 'Executions', summary: 'What happens in a run, as it happens' },
    description: `From the first event, also after the run has ended; after the last one come the event \`end\` and the end of the answer.
${manner}`,
    params: { job_id: executionPath.job_id },
    ...common,
    answers: {
      200: streamAnswer,
      204: { description: 'The run has ended, and nothing of it is left to tell' },
    },
  },
  session: {
    ...{ id: 'watchSession', tag: 'Sessions', summary: 'What happens in the runs of a session, from now on' },
    description: manner,
    params: { session_id: { ...text, description: 'As POST /sessions answered it' } },
    ...common,
    answers: { 200: streamAnswer },
  },
  own: {
    ...{ id: 'watchOwnExecutions', tag: 'Executions', summary: 'What happens in your own runs, from now on' },
    description: manner,
    ...common,
    answers: { 200: streamAnswer },
  },
} satisfies Record<string, Operation>;

/** A HEAD would have to open a stream to answer nothing. */
const exposeHeadRoute = false;
const runsConfig = { role: 'viewer', permission: 'executions:read', endless: true } as const;
const sessionConfig = { role: 'viewer', permission: 'sessions:read', endless: true } as const;

/** Registers the routes of event streams. */
export function eventRoutes(
  app: FastifyInstance,
  { clients: { watches }, eventStreams }: EventRouteDeps,
): void {
  const answer = (request: EventRequest, reply: FastifyReply, { open, from, jobId }: Watched) => {
    const { principal, meshToken, recheck } = callerOf(request);
    const callUntil = (signal: AbortSignal) => callWith({ token: meshToken(), timeoutMs: watchMs, signal });
    const follow = (signal: AbortSignal) =>
      framesOf(
        followWatch({
          open: (place, leaving) => open(place, callUntil(leaving)),
          from,
          signal,
          endsWithRun: jobId !== undefined,
        }),
        from,
      );
    const owner = `${principal.tenantId} ${principal.userId}`;
    const ending =
      jobId === undefined ? {} : { ending: eventFrame({ name: 'end', data: { job_id: jobId } }) };
    return eventStreams.answer(request, reply, { owner, follow, recheck, ...ending });
  };

  app.get<{ Querystring: EventQuery }>(
    '/executions/:job_id/events',
    { schema: routeSchema(operations.execution), exposeHeadRoute, config: runsConfig },
    async (request, reply) => {
      const jobId = pathId(request, 'job_id', 'execution');
      const open: Watched['open'] = (place, call) =>
        runSteps(watches.watchExecution({ jobId, afterSeq: BigInt(place) }, call));
      return answer(request, reply, { open, from: String(lastSeq(sentId(request))), jobId });
    },
  );

  app.get<{ Querystring: EventQuery }>(
    '/sessions/:session_id/events',
    { schema: routeSchema(operations.session), exposeHeadRoute, config: sessionConfig },
    async (request, reply) => {
      const sessionId = pathId(request, 'session_id', 'session');
      const open: Watched['open'] = (resume, call) =>
        placedSteps(watches.watchSession({ sessionId, resume }, call));
      return answer(request, reply, { open, from: lastEventId(sentId(request)) });
    },
  );

  app.get<{ Querystring: EventQuery }>(
    '/events',
    { schema: routeSchema(operations.own), exposeHeadRoute, config: runsConfig },
    async (request, reply) => {
      const open: Watched['open'] = (resume, call) => placedSteps(watches.watchOwn({ resume }, call));
      return answer(request, reply, { open, from: lastEventId(sentId(request)) });
    },
  );
}

function sentId({ headers, query }: EventRequest): SentEventId {
  return { header: headers['last-event-id']?.toString(), parameter: query.last_event_id };
}

// The place of a run's event is its number.
async function* runSteps(messages: AsyncIterable<Pick<WatchStep, 'told'>>): AsyncGenerator<WatchStep, void> {
  for await (const { told } of messages) {
    yield { told, place: told.case === 'event' ? String(told.value.seq) : '' };
  }
}

async function* placedSteps(
  messages: AsyncIterable<Pick<WatchStep, 'told'> & { readonly resume: string }>,
): AsyncGenerator<WatchStep, void> {
  for await (const { told, resume } of messages) yield { told, place: resume };
}
