// /circuit-breakers: how the circuit breakers of all processes stand, and putting them into a state by force. For admins.
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { BreakerBoard } from '../../foundation/breaker/breaker-board.ts';
import type { ToldProcess } from '../../foundation/breaker/breaker-exchange.ts';
import type { Clock } from '../../foundation/clock.ts';
import { asFault, notFound } from '../../foundation/fault/fault.ts';
import { modeRead, modesSent } from '../../foundation/rpc/tell-breakers.ts';
import type { Breaker, BreakerMode } from '../../proto/gen/domainflow/common/v1/breaker_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { type BreakerState, breakerStatus, worstStatus } from '../core/breaker-status.ts';
import { routeSchema } from '../core/operation.ts';
import { circuitBreakerOperations as operations, type wantedStates } from './circuit-breaker-schema.ts';
import { meshCall } from './mesh-call.ts';
import { pathId } from './path-id.ts';
import { timeJson } from './time-json.ts';

/** What the routes need. */
export interface CircuitBreakerDeps {
  readonly clients: Pick<MeshClients, 'breakers'>;
  /** The breakers of this process. */
  readonly board: Pick<BreakerBoard, 'states'>;
  /** This process. */
  readonly process: ToldProcess;
  readonly clock: Clock;
}

interface ForceQuery {
  readonly state: (typeof wantedStates)[number];
}

const readConfig = { role: 'admin', permission: 'circuit-breakers:read' } as const;
const forceConfig = { role: 'admin', permission: 'circuit-breakers:update' } as const;

/** A breaker as it is answered. */
interface BreakerJson {
  readonly service: string;
  readonly state: BreakerState;
  readonly processes: readonly object[];
}

/** Registers the routes. */
export function circuitBreakerRoutes(app: FastifyInstance, deps: CircuitBreakerDeps): void {
  const { breakers } = deps.clients;
  const listed = async (request: FastifyRequest): Promise<readonly BreakerJson[]> =>
    (await breakers.listBreakers({}, meshCall(request))).breakers.map(breakerJson);

  const listSchema = routeSchema(operations.list);
  app.get('/circuit-breakers/health', { config: readConfig, schema: listSchema }, async (request) => {
    const answer = (all: readonly BreakerJson[], detail: string | null) => ({
      status: worstStatus(all.map(({ state }) => state)),
      timestamp: new Date(deps.clock()).toISOString(),
      ...{ complete: detail === null, detail, circuit_breakers: all },
    });
    try {
      return answer(await listed(request), null);
    } catch (error) {
      if (!missing.has(asFault(error).reason)) throw error;
      return answer(ownBreakers(deps), onlyOwn);
    }
  });

  const schema = routeSchema(operations.get);
  app.get('/circuit-breakers/:service', { config: readConfig, schema }, async (request) => {
    const service = pathId(request, 'service', 'circuit breaker');
    const found = (await listed(request)).find((each) => each.service === service);
    if (!found) throw notFound('circuit breaker');
    return found;
  });

  forceRoute(app, deps);
}

function forceRoute(app: FastifyInstance, { clients: { breakers } }: CircuitBreakerDeps): void {
  app.post<{ Querystring: ForceQuery }>(
    '/circuit-breakers/:service/force-state',
    { config: forceConfig, schema: routeSchema(operations.force) },
    async (request) => {
      const service = pathId(request, 'service', 'circuit breaker');
      const { state: wanted } = request.query;
      const state = wanted === 'half-open' ? 'half_open' : wanted;
      const { id } = await breakers.forceBreaker(
        { name: service, mode: modesSent[state] },
        meshCall(request),
      );
      const message = 'The circuit breaker is being put into its state in every process';
      return { message, id, service, state };
    },
  );
}

// The registry cannot answer: what this process knows is told, and that it is not all.
const missing = new Set<string>(['unavailable', 'deadline_exceeded', 'internal']);
const onlyOwn =
  'The registry cannot be asked: only the circuit breakers of the gateway process that answers are told';

function ownBreakers({ board, process }: CircuitBreakerDeps): readonly BreakerJson[] {
  const { processId, service, host } = process;
  return board.states().map(({ key, mode, sinceMs, openUntilMs, inARow, isForced }) => ({
    ...{ service: key, status: breakerStatus(mode), state: mode },
    processes: [
      {
        ...{ process_id: processId, service, host, state: mode, since: timeJson(timestampFromMs(sinceMs)) },
        open_until: openUntilMs === undefined ? null : timeJson(timestampFromMs(openUntilMs)),
        ...{ in_a_row: inARow, forced: isForced },
      },
    ],
  }));
}

function breakerJson({ name, mode, processes }: Breaker): BreakerJson {
  const state = stateOf(mode);
  return {
    ...{ service: name, status: breakerStatus(state), state },
    processes: processes.map(({ processId, service, host, state: its }) => ({
      ...{ process_id: processId, service, host, state: stateOf(its?.mode) },
      ...{ since: timeJson(its?.since), open_until: timeJson(its?.openUntil) },
      ...{ in_a_row: its?.inARow ?? 0, forced: its?.isForced ?? false },
    })),
  };
}

// A mode that a later release told of is not known to be harmless.
function stateOf(mode: BreakerMode | undefined): BreakerState {
  return (mode === undefined ? undefined : modeRead(mode)) ?? 'open';
}
