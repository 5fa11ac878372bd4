// GetEventExport as people ask for it, of services with and without an export.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { WorkerService } from '../../../proto/gen/domainflow/orchestrator/v1/worker_service_pb.js';
import { newAdmin, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { startOrchestrator } from '../app.ts';
import { readOrchestratorConfig } from '../config.ts';

let databases: TestDatabases;
let service: TestOrchestrator;
beforeAll(async () => {
  databases = await startTestDatabases();
  service = await startTestOrchestrator(databases, 'event_export');
}, 60_000);
afterAll(async () => {
  await service?.close();
  await databases?.stop();
});

const viewer = () => service.as(newAdmin({ roles: ['viewer'] }));

describe('GetEventExport', () => {
  it('says that there is none, and tells runs nothing', async () => {
    expect(await service.workers.getEventExport({}, viewer())).toMatchObject({
      status: 'disabled',
      behindS: 0,
    });
    const run = { runId: 'job', capability: 'query', writeTarget: '' };
    await expect(service.workers.getEventExport({}, service.asRun(newAdmin(), run))).rejects.toThrow();
  });

  it('tells how the export stands: well, and badly while the receiver does not take what happens', async () => {
    let status = 200;
    const receiver = createServer((_request, response) => void response.writeHead(status).end('{}'));
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const { port } = receiver.address() as AddressInfo;
    const settings = {
      ...service.settings,
      REPLICA_NAME: 'exporter',
      EVENT_EXPORT: `http://127.0.0.1:${port}`,
    };
    const exporting = await startOrchestrator(readOrchestratorConfig(settings));
    const transport = service.transportTo(exporting.address);
    const { getEventExport } = createClient(WorkerService, transport);
    const until = async (wanted: string) => {
      for (;;) {
        const told = await getEventExport({}, viewer());
        if (told.status === wanted) return told;
      }
    };
    expect(await until('healthy')).toMatchObject({ message: 'Events are exported', publishedCount: 0n });
    status = 503;
    const worker = { type: 'custom', name: 'A worker', protocol: 'pull' };
    await service.workers.registerWorker({ worker }, service.as(newAdmin()));
    expect(await until('unhealthy')).toMatchObject({ message: 'The receiver of events answered 503' });
    status = 200;
    await until('healthy');
    transport.close();
    await exporting.close();
    receiver.close();
    receiver.closeAllConnections();
  });
});
