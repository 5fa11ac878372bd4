// Opens the clients of the orchestrator's neighbours for the life of the process, behind the breakers that it tells of.
import { thisProcess } from '../../../foundation/breaker/breaker-exchange.ts';
import type { ServiceFrame } from '../../../foundation/rpc/rpc-service.ts';
import { keepTellingBreakers } from '../../../foundation/rpc/tell-breakers.ts';
import { createMeshClients, type MeshClients, type MeshTargets } from './mesh-clients.ts';

/** Clients that are closed with the frame. `token` mints tokens with which the service speaks for itself. */
export function openClients(frame: ServiceFrame, targets: MeshTargets, token: () => string): MeshClients {
  const { telemetry, closing, clock, breakers: board } = frame;
  const { tracer, log } = telemetry;
  const clients = createMeshClients({ targets, breakers: board, tracer, clock });
  closing.add('clients', () => clients.close());
  const process = thisProcess('orchestrator');
  keepTellingBreakers({ closing, log, board, process, transport: clients.toRegistry, token });
  return clients;
}
