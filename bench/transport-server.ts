// The server that all clients of the transport benchmark talk to: it answers what it is sent. It ends with its parent.
import { systemClock } from '../foundation/clock.ts';
import { createMeshVerifier, createRequestTokenMint } from '../foundation/identity/mesh-issuers.ts';
import { generateSigningKey } from '../foundation/identity/signing-key.ts';
import { createHealth } from '../foundation/process/health.ts';
import { startRpcServer } from '../foundation/rpc/server.ts';
import { createTelemetry } from '../foundation/telemetry/telemetry.ts';
import { TenantService } from '../proto/gen/domainflow/registry/v1/tenant_service_pb.js';

const keys = await generateSigningKey();
const verifier = createMeshVerifier({ gateway: [keys.publicJwk], orchestrator: [] }, systemClock);
const telemetry = createTelemetry({ service: 'bench', version: '0', logLevel: 'silent' });
const { address } = await startRpcServer({
  host: '127.0.0.1',
  port: 0,
  services: [TenantService],
  routes: (router) =>
    void router.service(TenantService, { updateTenantSettings: ({ settings }) => ({ settings }) }),
  verifier,
  health: createHealth(),
  telemetry,
});
const alice = { tenantId: 't', userId: 'u', username: 'alice', roles: ['admin'] };
// Long enough for the whole measurement.
const clock = () => Date.now() + 60_000;
const token = createRequestTokenMint(keys.privateJwk, clock).mint(alice);
process.send?.({ address, token });
process.on('disconnect', () => process.exit(0));
