// A deployment that is not as it must be fails at the step that sees it, and its report says which part, with what that has said. What docker, helm
// and kubectl answer is scripted; all else is real.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { callerNames, type Tokens } from '../acceptance/suite.ts';
import {
  composeAnswers,
  containerLine,
  healthyContainers,
  wholeDatabase,
} from './compose-answers.for-test.ts';
import { createComposeTarget } from './compose-target.ts';
import { type DeploymentReport, nextDeploymentId } from './deployment-report.ts';
import { runDeployment } from './flow.ts';
import { deployment, helmAnswers, initJob } from './helm-answers.for-test.ts';
import { createHelmTarget } from './helm-target.ts';
import { type ScriptedAnswer, type ScriptedPrograms, scriptPrograms } from './scripted-programs.for-test.ts';
import { serviceNames, type Target } from './target.ts';
import { verifyJobOf } from './verify-job.ts';

jest.setTimeout(60_000);

const signal = new AbortController().signal;
const nowhere = '127.0.0.1:9';
const compose = '^docker compose --file deploy/compose.yaml ';
let programs: ScriptedPrograms | undefined;
afterEach(() => programs?.remove());

async function deployed(
  target: Target,
  { tokens = {}, issuer }: { readonly tokens?: Partial<Tokens>; readonly issuer?: string } = {},
): Promise<DeploymentReport> {
  const run = { deploymentId: '20260301-v1', startedAt: new Date(0), tokens, issuer };
  return runDeployment({ ...run, target, signal, onStep: () => undefined });
}

async function composed(own: readonly ScriptedAnswer[], names = ['docker']): Promise<DeploymentReport> {
  programs = await scriptPrograms(names, composeAnswers(nowhere, own));
  return deployed(createComposeTarget({ commands: programs.commands, signal, healthyMsMax: 0 }));
}

async function released(
  own: readonly ScriptedAnswer[],
  values: readonly string[] = [],
): Promise<DeploymentReport> {
  programs = await scriptPrograms(['helm', 'kubectl'], helmAnswers('9', own));
  const { commands } = programs;
  const place = { release: 'domainflow', namespace: 'domainflow', values, url: undefined };
  return deployed(createHelmTarget({ commands, ...place }), { issuer: `http://${nowhere}` });
}

const notReady = { tests: { total: 0, ready_for_demo: false } };
const lines = (count: number, text: string): string =>
  Array.from({ length: count }, (_, at) => `${text} ${at}\n`).join('');

describe('a compose project', () => {
  it('without its program fails before anything is done', async () => {
    const report = await composed([], []);
    expect(report.issues.map(({ step }) => step)).toEqual(['prerequisites', 'prerequisites']);
    expect(report.issues[0]?.message).toMatch(/docker cannot be used: .*ENOENT/);
    expect(report).toMatchObject({ stacks: [], services: [], database: { initialized: false }, ...notReady });
  });

  it('names every secret that is missing at once', async () => {
    const secrets = { one: { file: '/no/such/one' }, two: { file: '/no/such/two' } };
    const services = { gateway: { environment: { AUTH_DEV_ISSUER: '/run/secrets/key' } } };
    const config = JSON.stringify({ name: 'domainflow', services, secrets });
    const report = await composed([{ when: `${compose}config`, stdout: config }]);
    expect(report.issues.map(({ message }) => message)).toEqual([
      expect.stringContaining('/no/such/one is missing'),
      expect.stringContaining('/no/such/two is missing'),
    ]);
  });

  it('without an issuer of its own wants the credentials of all callers first', async () => {
    const gateway = { image: 'domainflow:0.1.0', environment: { AUTH_DEV_ISSUER: '' } };
    const stdout = JSON.stringify({ name: 'domainflow', services: { gateway } });
    const report = await composed([{ when: `${compose}config`, stdout }]);
    const message = expect.stringContaining(
      'admin, editor, viewer, other-user, other-tenant, expired are missing',
    );
    expect(report.issues).toMatchObject([{ step: 'prerequisites', message }]);
  });

  it('whose build fails is not brought up, and the report has the end of what was said', async () => {
    const report = await composed([{ when: `${compose}build$`, stderr: lines(80, 'step'), code: 17 }]);
    expect(report.issues).toMatchObject([{ step: 'build', message: 'docker compose build failed: step 79' }]);
    expect(report.issues[0]?.logs).toHaveLength(50);
    expect((await programs?.calls())?.some((call) => call.includes(' up '))).toBe(false);
  });

  it('whose image lacks a module is not brought up, and says which service lacks it', async () => {
    const stderr =
      "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'pg' imported from /app/foundation/postgres/pool.ts\n";
    const when = `${compose}run --rm -T --no-deps --entrypoint node registry `;
    const report = await composed([{ when, stderr, code: 1 }]);
    expect(report.issues).toMatchObject([
      { step: 'build', part: 'registry', message: expect.stringContaining("'pg'") },
    ]);
    expect(report.services[0]).toEqual({
      ...{ name: 'registry', state: 'Not deployed', runtime: 'nodejs24.21.0' },
      ...{ code_size: 312_456_789, has_dependencies: false },
    });
  });

  it('of which a unit ends has its last 10 events and 50 log lines in the report', async () => {
    const containers = healthyContainers().replace(
      containerLine('reports'),
      containerLine('reports', { State: 'exited', Health: '', ExitCode: 78 }),
    );
    const event = (at: number) =>
      JSON.stringify({
        ...{ Type: 'container', Action: 'die', time: 1_772_366_400 + at },
        Actor: { ID: 'x', Attributes: { 'com.docker.compose.service': 'reports', exitCode: '78' } },
      });
    const report = await composed([
      {
        when: `${compose}up .*gateway`,
        stderr: 'dependency failed to start: container domainflow-reports-1 exited (78)\n',
        code: 1,
      },
      { when: `${compose}ps`, stdout: containers },
      {
        when: '^docker events .*label=com.docker.compose.project=domainflow',
        stdout: Array.from({ length: 14 }, (_, at) => `${event(at)}\n`).join(''),
      },
      { when: `${compose}logs .* reports$`, stdout: lines(60, 'reports says') },
    ]);
    const [issue] = report.issues;
    expect(report.issues).toHaveLength(1);
    expect(issue).toMatchObject({ step: 'deploy', part: 'reports' });
    expect(issue?.events).toHaveLength(10);
    expect(issue?.events?.at(-1)).toBe('2026-03-01T12:00:13.000Z container die reports exit code 78');
    expect([issue?.logs?.length, issue?.logs?.at(-1)]).toEqual([50, 'reports says 59']);
    expect(report.stacks).toMatchObject([{ name: 'domainflow', status: 'incomplete' }]);
    expect(report.services.map(({ name, state }) => [name, state])).toContainEqual([
      'reports',
      'exited (78)',
    ]);
    expect(report).toMatchObject(notReady);
  });

  it('of which a unit never becomes healthy fails with it', async () => {
    const starting = containerLine('postgres', { Health: 'starting' });
    const stdout = healthyContainers().replace(containerLine('postgres'), starting);
    const report = await composed([{ when: `${compose}ps`, stdout }, { when: '^docker events' }]);
    expect(report.issues).toMatchObject([
      { step: 'deploy', part: 'postgres', message: 'postgres is not healthy after 0 s' },
    ]);
  });

  it('whose service logs a bad start fails with that line', async () => {
    const stdout = '{"level":"fatal","msg":"A module is missing","err":{"message":"Cannot find package"}}\n';
    const report = await composed([{ when: `${compose}logs .* agents$`, stdout }]);
    expect(report.issues).toMatchObject([{ step: 'verify', part: 'agents', logs: [stdout.trim()] }]);
    expect(report.services.find(({ name }) => name === 'agents')).toMatchObject({
      ...{ state: 'Active', has_dependencies: false },
    });
  });

  it.each([
    [
      'says 500',
      { status: 500, error: 'No password', schema_created: false },
      wholeDatabase.verify,
      'db-init',
    ],
    [
      'lacks an agent',
      wholeDatabase.init,
      { ...wholeDatabase.verify, builtin_agents_count: 11 },
      'db-verify',
    ],
    ['lacks a table', wholeDatabase.init, { ...wholeDatabase.verify, tables: ['tenants'] }, 'db-verify'],
  ])('whose database %s is not measured', async (_, init, verify, part) => {
    const report = await composed([
      { when: `${compose}run .* db-init --seed$`, stdout: JSON.stringify(init), code: 1 },
      { when: `${compose}run .* db-verify$`, stdout: JSON.stringify(verify), code: 1 },
    ]);
    expect(report.issues).toMatchObject([{ step: 'database', part }]);
    expect(report.database.initialized).toBe(part === 'db-verify');
    expect(report).toMatchObject(notReady);
  });

  it('whose gateway cannot be reached is told so', async () => {
    const report = await composed([]);
    expect(report.issues).toMatchObject([{ step: 'acceptance', message: expect.stringContaining(nowhere) }]);
    expect(report.database).toMatchObject({ initialized: true, builtin_agents: 12, sample_domains: 1 });
    expect(report.services.map(({ state }) => state)).toEqual(serviceNames.map(() => 'Active'));
  });
});

describe('tests that fail', () => {
  it('stand in the report with what they asked and the last lines of the services behind them', async () => {
    const server = createServer((_, response) => response.writeHead(403).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const told = { when: `${compose}logs .* registry$`, stdout: lines(60, 'registry says') };
    programs = await scriptPrograms(['docker'], composeAnswers(address, [told]));
    const target = createComposeTarget({ commands: programs.commands, signal });
    const tokens = Object.fromEntries(callerNames.map((name) => [name, name]));
    const report = await deployed(target, { tokens });
    server.close();
    expect(report.tests).toMatchObject({ total: 42, ready_for_demo: false });
    const failed = report.tests.results.filter(({ status }) => status === 'failed');
    const parts = report.issues.map(({ part }) => part).filter((part) => part !== 'removal');
    expect(parts).toEqual(failed.map(({ test }) => test));
    const { error, logs = [] } = failed.find(({ test }) => test === 'agent-9') ?? {};
    expect(error).toContain('403');
    expect(logs[0]).toBe('GET /api/v1/agents/agent-01890a5d0c0c7aaa8aaa0123456789ab 403');
    expect(logs.filter((line) => line.startsWith('registry: registry says'))).toHaveLength(50);
    expect(report.issues.find(({ part }) => part === 'agent-9')?.logs).toHaveLength(50);
  });
});

describe('a Helm release', () => {
  it('names everything that is missing at once', async () => {
    const report = await released(
      [
        { when: '^helm version', stderr: 'helm: broken\n', code: 1 },
        { when: '^kubectl --namespace domainflow auth can-i', stdout: 'no\n', code: 1 },
      ],
      ['/no/such/values.yaml'],
    );
    expect(report.issues.map(({ message }) => message)).toEqual([
      'helm cannot be used: helm: broken',
      'The cluster of the present context does not let you deploy: no',
      'The file of values /no/such/values.yaml is missing',
    ]);
  });

  it('of which a unit does not become ready has its last events and log lines in the report', async () => {
    const items = Array.from({ length: 12 }, (_, at) => ({
      ...{ lastTimestamp: `2026-03-01T12:00:${10 + at}Z`, type: 'Warning', reason: 'BackOff' },
      ...{
        message: 'Back-off restarting failed container',
        involvedObject: { kind: 'Pod', name: 'domainflow-agents-7' },
      },
    }));
    const found = serviceNames.map((name) => deployment(name, name === 'agents' ? 0 : 2));
    const report = await released([
      { when: '^helm upgrade', stderr: 'Error: UPGRADE FAILED: context deadline exceeded\n', code: 1 },
      { when: '^helm status', stdout: '{"info":{"status":"failed"}}' },
      { when: '^kubectl --namespace domainflow get deployments ', stdout: JSON.stringify({ items: found }) },
      { when: '^kubectl --namespace domainflow get events ', stdout: JSON.stringify({ items }) },
      {
        when: '^kubectl --namespace domainflow logs --selector .*component=agents ',
        stdout: lines(70, 'agents says'),
      },
    ]);
    const [issue] = report.issues;
    expect(report.issues).toHaveLength(1);
    expect(issue).toMatchObject({
      step: 'deploy',
      part: 'agents',
      message: 'Error: UPGRADE FAILED: context deadline exceeded',
    });
    expect([issue?.events?.length, issue?.logs?.length]).toEqual([10, 50]);
    expect(issue?.events?.at(-1)).toBe(
      '2026-03-01T12:00:21Z Warning BackOff Pod/domainflow-agents-7: Back-off restarting failed container',
    );
    expect(report.stacks).toMatchObject([{ name: 'domainflow', status: 'failed' }]);
    expect(report.services.map(({ name, state }) => [name, state])).toContainEqual([
      'agents',
      '0 of 2 ready',
    ]);
  });

  it('is verified by a job like db-init, which is removed again', async () => {
    const report = await released([]);
    expect(report.issues).toMatchObject([{ step: 'acceptance' }]);
    expect(report.database).toMatchObject({ schema_version: '1.0', builtin_agents: 12 });
    expect(report.services[0]).toMatchObject({
      state: 'Active',
      runtime: 'nodejs24.21.0',
      code_size: 98_765_432,
    });
    const calls = (await programs?.calls()) ?? [];
    const [name] = calls.flatMap(
      (call) =>
        /^kubectl --namespace domainflow wait job\/(domainflow-db-init-verify-\w{6}) /.exec(call)?.[1] ?? [],
    );
    expect(calls.some((call) => call.includes(` delete job ${name} `))).toBe(true);
  });
});

describe('the job that verifies', () => {
  it('runs where db-init ran, and is not taken for it', () => {
    const { name, manifest } = verifyJobOf(initJob);
    const own = 'domainflow-db-init';
    expect(name).toMatch(/^domainflow-db-init-verify-[0-9a-f]{6}$/);
    const labels = { ...initJob.metadata.labels };
    expect(manifest).toMatchObject({
      metadata: { name, namespace: 'domainflow' },
      spec: {
        backoffLimit: 0,
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: own,
            restartPolicy: 'Never',
            containers: [{ image: 'domainflow:0.1.0', args: ['db-verify'] }],
          },
        },
      },
    });
    expect(JSON.stringify(manifest)).not.toMatch(/controller-uid|job-name|"selector"/);
    expect(Object(manifest.metadata).labels).toBeUndefined();
    expect(labels['app.kubernetes.io/component']).toBe('db-init');
  });
});

describe('the gateway of a release', () => {
  it('is reached by a forwarded port for as long as it is needed', async () => {
    programs = await scriptPrograms(['helm', 'kubectl'], helmAnswers('4711'));
    const place = { release: 'domainflow', namespace: 'domainflow', values: [], url: undefined };
    const gateway = await createHelmTarget({ commands: programs.commands, ...place }).reach();
    expect(gateway).toMatchObject({ url: 'http://127.0.0.1:4711', issuer: undefined });
    await gateway.close();
  });

  it('that cannot be reached so is told with what kubectl said', async () => {
    const stderr = 'error: unable to forward port because pod is not running\n';
    const own = [{ when: '^kubectl port-forward', stderr, code: 1 }];
    programs = await scriptPrograms(['helm', 'kubectl'], helmAnswers('4711', own));
    const place = { release: 'domainflow', namespace: 'domainflow', values: [], url: undefined };
    const reaching = createHelmTarget({ commands: programs.commands, ...place }).reach();
    await expect(reaching).rejects.toThrow('pod is not running');
  });
});

describe('a deployment', () => {
  it('is numbered by day', () => {
    const now = new Date('2026-03-01T23:59:00Z');
    expect(nextDeploymentId(now, [])).toBe('20260301-v1');
    expect(nextDeploymentId(now, ['20260301-v2.json', '20260301-v10.json', '20260228-v40.json', 'x'])).toBe(
      '20260301-v11',
    );
  });
});
