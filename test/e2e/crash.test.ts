// The whole mesh is killed in the middle of its work and started again: nothing that was accepted is lost or stays in work.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type ApiClient, createClient } from '../../clients/api/api-client.ts';
import { ApiError, ConnectionError } from '../../clients/api/api-error.ts';
import type { ReportRow } from '../../clients/api/gen/api-types.ts';
import { sampleDomain } from '../../local/demo/demo-run.ts';
import { readComplaints } from '../../local/demo/sample.ts';
import { type MeshCommand, startMeshCommand } from './mesh-command.ts';
import { reportOnceEnded } from './test-mesh.ts';

jest.setTimeout(90_000);

let dataDir: string;
let started: MeshCommand[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'domainflow-crash-'));
  started = [];
});

afterEach(async () => {
  for (const command of started) command.signalGroup('SIGKILL');
  await Promise.all(started.map(({ exited }) => exited));
  await rm(dataDir, { recursive: true, force: true });
});

async function start(option: readonly string[]): Promise<{ command: MeshCommand; api: ApiClient }> {
  const command = startMeshCommand({ file: 'start.ts', args: option, env: { DATA_DIR: dataDir } });
  started.push(command);
  const [, gatewayUrl = ''] = await command.sees(/ready after [\d.]+ s at (\S+)/);
  const [, token = ''] = await command.sees(/export TOKEN=(\S+)/);
  return { command, api: createClient({ baseUrl: gatewayUrl, credential: token, retriesMax: 0 }) };
}

/** Submits texts one after another until the mesh is gone; answers the ids that were accepted. `onAccepted` hears how many. */
async function submitUntilKilled(api: ApiClient, onAccepted: (count: number) => void): Promise<string[]> {
  const complaints = await readComplaints();
  const accepted: string[] = [];
  const lane = async (): Promise<void> => {
    for (const { text } of complaints) {
      const body = { domain_id: sampleDomain, text };
      const answer = await api.post('/api/v1/reports', { body }).catch(noneAtTheEnd);
      if (!answer) return;
      accepted.push(answer.incident_id);
      onAccepted(accepted.length);
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  return accepted;
}

// A mesh that is being killed answers 503, something else, or nothing at all.
function noneAtTheEnd(error: unknown): undefined {
  if (error instanceof ConnectionError || error instanceof ApiError) return undefined;
  throw error;
}

async function listedReports(api: ApiClient): Promise<readonly ReportRow[]> {
  const { reports } = await api.get('/api/v1/reports', { query: { limit: 100 } });
  return reports;
}

const killAfter = 20;
const killAll = (command: MeshCommand): void => command.signalGroup('SIGKILL');
const killFirst = ({ pid }: MeshCommand): void => void process.kill(pid, 'SIGKILL');

describe('a mesh that was killed in the middle of its work', () => {
  it.each([
    ['all of it at once', [], killAll],
    ['its first process alone, and the services end by themselves', ['--processes'], killFirst],
  ])('finishes every accepted report after the next start: %s', async (_name, options, kill) => {
    const first = await start(options);
    const accepted = await submitUntilKilled(first.api, (count) => {
      if (count === killAfter) kill(first.command);
    });
    expect(accepted.length).toBeGreaterThanOrEqual(killAfter);
    await first.command.exited;

    const second = await start(options);
    const reports = await Promise.all(accepted.map((id) => reportOnceEnded(second.api, id)));
    expect(reports.map(({ status }) => status)).toEqual(accepted.map(() => 'completed'));
    // A report whose submission was never answered may be there or not, but it does not stay in work either.
    const rows = await listedReports(second.api);
    expect(rows.map(({ incident_id }) => incident_id)).toEqual(expect.arrayContaining(accepted));
    const all = await Promise.all(rows.map(({ incident_id }) => reportOnceEnded(second.api, incident_id)));
    expect(all.filter(({ status }) => status === 'processing')).toEqual([]);
    second.command.signalGroup('SIGINT');
    expect(await second.command.exited).toBe(0);
  });
});
