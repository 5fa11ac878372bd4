// The `domainflow` command against a whole mesh: what people do with it from one end to the other.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { smallPng } from '../../local/demo/attach-image.ts';
import { pollUntil, sampleDomain } from '../../local/demo/demo-run.ts';
import { type CommandPlace, createCommandPlace } from './domainflow-command.ts';
import { startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

let mesh: TestMesh;
let alice: CommandPlace;

beforeAll(async () => {
  mesh = await startTestMesh();
  alice = await createCommandPlace({ DOMAINFLOW_URL: mesh.gatewayUrl });
  const who = ['--tenant', 'acme', '--user', 'alice', '--role', 'admin'];
  const { code } = await alice.run(['login', '--dev', ...who]);
  if (code !== 0) throw new Error('The login failed');
});

afterAll(async () => {
  await alice?.close();
  await mesh?.close();
});

const text = 'Water main leaking on Main Street since Monday';

describe('logging in', () => {
  it('keeps the token for its owner alone, and says who that is', async () => {
    const { stdout } = await alice.run(['whoami']);
    expect(stdout).toBe(`alice, admin of tenant acme at ${mesh.gatewayUrl}\n`);
    expect((await stat(join(alice.home, 'domainflow', 'login.json'))).mode & 0o777).toBe(0o600);
  });

  it('takes a token from standard input, keeps none that is refused, and forgets on demand', async () => {
    const bob = await createCommandPlace({ DOMAINFLOW_URL: mesh.gatewayUrl });
    const refused = await bob.run(['login', '--token-stdin'], 'nonsense\n');
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).not.toContain('nonsense');
    const token = await mesh.token('acme', 'bob', ['viewer']);
    expect((await bob.run(['login', '--token-stdin'], `${token}\n`)).stdout).not.toContain(token);
    expect(await bob.json(['whoami'])).toMatchObject({ username: 'bob', role: 'viewer' });
    expect((await bob.run(['logout'])).code).toBe(0);
    const after = await bob.run(['whoami']);
    expect([after.code, after.stderr]).toEqual([1, expect.stringContaining('domainflow login')]);
    await bob.close();
  });
});

describe('reports', () => {
  it('are submitted, watched until they are read, and shown with their words', async () => {
    await writeFile(join(alice.home, 'photo.png'), smallPng);
    const args = [
      'reports',
      'submit',
      text,
      '-d',
      sampleDomain,
      '-i',
      join(alice.home, 'photo.png'),
      '--wait',
    ];
    const { code, stdout } = await alice.run(args);
    expect([code, stdout]).toEqual([0, expect.stringContaining('from "Main Street"')]);
    const [row] = await alice.json<{ incident_id: string }[]>(['reports', 'list', '-n', '1']);
    const report = await alice.json<{ images: unknown[] }>(['reports', 'get', row?.incident_id ?? '']);
    expect(report).toMatchObject({
      raw_text: text,
      status: 'completed',
      images: [{ content_type: 'image/png' }],
    });
  });

  it('go out into a file that is whole, and come in line by line', async () => {
    const out = await alice.json<{ bytes: number }>([
      'reports',
      'export',
      '-o',
      join(alice.home, 'out.ndjson'),
    ]);
    const exported = await readFile(join(alice.home, 'out.ndjson'), 'utf8');
    expect(Buffer.byteLength(exported)).toBe(out.bytes);
    expect((await alice.run(['reports', 'export'])).stdout.split('\n').length).toBe(
      exported.split('\n').length,
    );
    const again = await alice.run(['reports', 'import', '-'], `${exported}{"x": 1}\nnonsense\n`);
    expect([again.code, again.stdout]).toEqual([1, '1 existed, 2 rejected\n']);
    expect(again.stderr).toContain('line 2 rejected: domain_id: is required');
    expect(again.stderr).toContain('line 3 rejected: The line is not valid JSON');
  });

  it('tell all that is wrong with them', async () => {
    const { code, stdout, stderr } = await alice.run(['reports', 'submit', '', '-d', 'No domain']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/Invalid request \(400\)\n {2}domain_id: .*\n {2}text: .*\ntrace [0-9a-f]{32}\n/);
  });
});

describe('questions and commands', () => {
  it('are answered with references, and go on in their session', async () => {
    const { code, stdout, stderr } = await alice.run([
      'ask',
      'Where are water mains leaking?',
      '-d',
      sampleDomain,
    ]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/It rests on:\n {2}\[1\] inc_/)]);
    const [session = ''] = /sess_\w+/.exec(stderr) ?? [];
    const asked = await alice.json<{ session_id: string }>(['ask', 'And when?', '--session', session]);
    expect(asked.session_id).toBe(session);
    expect((await alice.run(['sessions', 'get', session])).stdout).toContain('And when?');
  });

  it('change a report by a patch, which can be taken back', async () => {
    const [row] = await alice.json<{ incident_id: string }[]>(['reports', 'list', '-n', '1']);
    const id = row?.incident_id ?? '';
    const said = `Mark ${id} as resolved because the main was replaced`;
    const done = await alice.run(['ask', said, '-d', sampleDomain, '--command']);
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('Changes:')]);
    const [patch] = await alice.json<{ patch_id: string; status: string }[]>(['reports', 'history', id]);
    const back = await alice.json<{ reverts: string }>([
      'patches',
      'revert',
      patch?.patch_id ?? '',
      '--reason',
      'wrong',
    ]);
    expect(back.reverts).toBe(patch?.patch_id);
  });
});

describe('definitions', () => {
  const agent = {
    ...{ agent_name: 'Echo', agent_class: 'ingestion', system_prompt: 'Say it again.' },
    output_schema: { echo: { type: 'string' } },
  };

  it('of agents are created, changed, compared, taken back and deleted', async () => {
    const { agent_id: id } = await alice.json<{ agent_id: string }>(
      ['agents', 'create', '-f', '-'],
      JSON.stringify(agent),
    );
    const changed = await alice.run(['agents', 'update', id, '-f', '-'], '{"description": "Repeats"}');
    expect(changed.stdout).toBe(`${id} is saved as version 2.\n`);
    expect((await alice.run(['agents', 'diff', id])).stdout).toContain('+ "Repeats"');
    expect((await alice.run(['agents', 'rollback', id, '1'])).stdout).toBe(`${id} is saved as version 3.\n`);
    expect((await alice.run(['agents', 'list', '--class', 'ingestion'])).stdout).toContain(id);
    expect((await alice.run(['agents', 'delete', id])).code).toBe(0);
    expect((await alice.run(['agents', 'get', id])).stderr).toContain('(404)');
  });

  it('of tools are granted and revoked, and never show their credentials', async () => {
    const { agent_id: id } = await alice.json<{ agent_id: string }>(
      ['agents', 'create', '-f', '-'],
      JSON.stringify(agent),
    );
    const tool = {
      ...{ tool_name: 'crm', tool_type: 'custom', endpoint: 'https://crm.example.org/cases', effect: 'read' },
      ...{ auth_method: 'api_key', credentials: { key: 'hidden', header: 'x-api-key' } },
    };
    const made = await alice.run(['tools', 'create', '-f', '-'], JSON.stringify(tool));
    expect([made.code, made.stdout]).toEqual([0, expect.not.stringContaining('hidden')]);
    expect((await alice.run(['tool-access', 'grant', id, 'crm'])).stdout).toBe(`${id} may call crm.\n`);
    expect((await alice.run(['tool-access', 'revoke', id, 'crm'])).code).toBe(0);
    expect(await alice.json(['tool-access', 'list', '--agent', id])).toEqual([]);
  });
});

describe('what is published', () => {
  it('is estimated, and measured by a golden set before it changes', async () => {
    const domain = await alice.json<object>(['domains', 'get', sampleDomain]);
    const own = JSON.stringify({ ...domain, domain_id: 'measured', domain_name: 'Measured' });
    expect((await alice.run(['domains', 'apply', '-f', '-'], own)).stdout).toContain('measured is saved');
    expect((await alice.run(['domains', 'estimate', 'measured', '--count', '10'])).stdout).toContain(
      'calls:',
    );
    const set = {
      ...{ playbook: 'ingestion', thresholds: { precision: 0.5, recall: 0.5 } },
      rows: [
        {
          input: { text: 'A gas main is on fire in Elm Street right now' },
          expected: { urgency: 'immediate' },
        },
      ],
    };
    const stored = await alice.run(
      ['golden-sets', 'apply', 'measured', 'basics', '-f', '-'],
      JSON.stringify(set),
    );
    expect(stored.stdout).toBe('basics of measured is stored as version 1.\n');
    expect((await alice.run(['golden-sets', 'list', 'measured'])).stdout).toContain('basics');
    const candidate = (agent: string) =>
      JSON.stringify({ playbook: { agent_execution_graph: { nodes: [agent], edges: [] } } });
    const gate = ['domains', 'gate', 'measured', '--golden-set', 'basics', '-f', '-'];
    const good = await alice.run(gate, candidate('builtin-ingestion-temporal'));
    expect([good.code, good.stdout]).toEqual([0, expect.stringContaining('passed: true')]);
    const bad = await alice.run(gate, candidate('builtin-ingestion-geo'));
    expect([bad.code, bad.stdout]).toEqual([1, expect.stringContaining('passed: false')]);
    const left = await alice.run([...gate, '--no-wait'], candidate('builtin-ingestion-geo'));
    const [id = ''] = /gate_[0-9a-f]{32}/.exec(left.stdout) ?? [];
    const read = () => alice.json<{ status: string }>(['gates', 'get', 'measured', id]);
    await pollUntil(read, ({ status }) => status === 'completed', new AbortController().signal);
    expect((await alice.run(['gates', 'get', 'measured', id])).stdout).toContain('passed: false');
    const late = await alice.run(['gates', 'cancel', 'measured', id]);
    expect([late.code, late.stderr]).toEqual([1, expect.stringContaining('(409)')]);
  });
});

describe('data', () => {
  const lines = [
    { at: [-71.05, 42.35], kind: 'light', day: '01' },
    { at: [-71.06, 42.36], kind: 'light', day: '01' },
    { at: [12.5, 41.9], kind: 'water', day: '02' },
  ].map(({ at, kind, day }, index) =>
    JSON.stringify({
      ...{
        incident_id: `inc_01890a5d0c0c7aaa8aaa0123456789a${index}`,
        domain_id: 'measured',
        text: kind,
        source: 'archive',
        created_at: `2025-03-${day}T10:00:00Z`,
      },
      ingestion_data: { kind, geo_location: { type: 'Point', coordinates: at } },
    }),
  );
  const ofDomain = ['-d', 'measured'];

  it('are shown where they are, and counted, as tables and as JSON', async () => {
    const imported = await alice.run(['reports', 'import', '-'], lines.join('\n'));
    expect([imported.stdout, imported.stderr]).toEqual(['3 imported\n', '']);
    const geo = ['data', 'geo', ...ofDomain];
    const whole = () => alice.json<{ features: unknown[]; total: number }>(geo);
    await pollUntil(whole, ({ total }) => total === 3, new AbortController().signal);
    const near = await alice.run([...geo, '--near', '-71.05,42.35', '--radius', '0.5']);
    expect(near.stdout).toMatch(
      /^REPORT +STATUS +LATITUDE +LONGITUDE\ninc_\w+ +completed +42.350000 +-71.050000\n$/,
    );
    expect(near.stderr).toBe('Reports in the area: 1\n');
    expect(
      (await alice.run([...geo, '-n', '1', '--bounds', '-72,42,-71,43'])).stdout.match(/^inc_/gm),
    ).toHaveLength(1);
    const tiles = await alice.run([...geo, '--clusters', '3']);
    expect(tiles.stdout).toMatch(/^REPORTS +LATITUDE +LONGITUDE\n2 .*\n1 .*\n$/);
    const counted = await alice.run(['data', 'aggregated', ...ofDomain, '--by', 'ingestion_data.kind']);
    expect(counted.stdout).toBe('VALUE  REPORTS\nlight  2\nwater  1\n');
    const days = ['data', 'aggregated', ...ofDomain, '--every', 'day', '--time-zone', 'Europe/Madrid'];
    expect((await alice.run(days)).stdout).toMatch(/^FROM +REPORTS\n2025-02-28T23.* 2\n2025-03-01T23.* 1\n$/);
    expect(await alice.json(days)).toMatchObject({ total: 3, buckets: [{ count: 2 }, { count: 1 }] });
    const wrong = await alice.run([...geo, '--bounds', '1,2']);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('bounds: must be four numbers')]);
  });
});

describe('a run that waits for a person', () => {
  const playbook = (nodes: readonly unknown[], edges: readonly object[] = []) => ({
    agent_execution_graph: { nodes, edges },
  });
  const domain = {
    ...{ domain_id: 'street_works', domain_name: 'Street Works' },
    ingestion_playbook: playbook(
      ['builtin-ingestion-geo', { id: 'approval-crew', kind: 'approval', prompt: 'Send a crew?' }],
      [{ from: 'builtin-ingestion-geo', to: 'approval-crew' }],
    ),
    query_playbook: playbook(['builtin-query-where']),
    management_playbook: playbook(['builtin-management-status-updater']),
  };

  it('is watched, let go with Ctrl-C, decided, and seen to its end', async () => {
    const apply = ['domains', 'apply', '-f', '-'];
    expect((await alice.run([...apply, '--dry-run'], JSON.stringify(domain))).stdout).toContain(
      'nothing was stored',
    );
    expect((await alice.run(apply, JSON.stringify(domain))).stdout).toContain(
      'street_works is saved as version 1.',
    );
    const next = { domain_id: 'street_works', description: 'Holes' };
    expect((await alice.run(apply, JSON.stringify(next))).stdout).toContain('saved as version 2.');

    const accepted = await alice.json<{ job_id: string }>(['reports', 'submit', text, '-d', 'street_works']);
    const job = accepted.job_id;
    const watching = alice.start(['executions', 'watch', job]);
    await watching.sees('approval_requested');
    watching.kill('SIGINT');
    expect((await watching.ended).code).toBe(130);

    const [waiting] = await alice.json<{ task_id: string; prompt: string }[]>([
      'approvals',
      'list',
      '--run',
      job,
    ]);
    expect(waiting?.prompt).toBe('Send a crew?');
    const decided = await alice.run(['approvals', 'approve', job, waiting?.task_id ?? '', '--comment', 'Go']);
    expect(decided.stdout).toContain('is approved.');
    const seen = await alice.run(['--json', 'executions', 'watch', job]);
    const events = seen.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ seq }) => seq).slice(0, -1)).toEqual(events.slice(0, -1).map((_, at) => at + 1));
    expect([seen.code, events.at(-1)]).toEqual([
      0,
      { event: 'end', job_id: job, status: 'completed', error: null },
    ]);
    expect((await alice.run(['executions', 'get', job])).stdout).toContain('✓ approval-crew  succeeded');
    const drawn = await alice.run(['executions', 'watch', job], '', 60);
    expect(drawn.stdout).toMatch(
      /completed {2}2 of 2 tasks\n└─ ✓ Geo Locator .*\n {3}└─ ✓ approval-crew .*\n$/,
    );
    const late = await alice.run(['executions', 'cancel', job]);
    expect([late.code, late.stderr]).toEqual([1, expect.stringContaining('(409)')]);
    const preview = await alice.run(['executions', 'rerun', job, '--mode', 'all', '--preview']);
    expect(preview.stdout).toContain('to run: ');
  });
});

describe('the tenant', () => {
  it('lets machines in by keys that are shown once', async () => {
    const made = await alice.run(['keys', 'create', 'importer', '-p', 'reports:read', '--days', '2']);
    const [key = ''] = /[0-9a-f]{64}/.exec(made.stdout) ?? [];
    const [row] = await alice.json<{ key_id: string }[]>(['keys', 'list']);
    expect((await alice.run(['keys', 'list'])).stdout).not.toContain(key);
    const machine = await createCommandPlace({ DOMAINFLOW_URL: mesh.gatewayUrl, DOMAINFLOW_TOKEN: key });
    expect((await machine.run(['reports', 'list'])).code).toBe(0);
    expect((await machine.run(['agents', 'list'])).stderr).toContain('(403)');
    expect((await alice.run(['keys', 'revoke', row?.key_id ?? ''])).code).toBe(0);
    expect(await alice.json(['keys', 'list'])).toMatchObject([{ revoked_at: expect.any(String) }]);
    await machine.close();
  });

  it('has teams of its people, which are made, changed and deleted', async () => {
    const { id } = await alice.json<{ id: string }>(['whoami']);
    expect((await alice.run(['users', 'list', '--all'])).stdout).toContain(`${id}  alice`);
    const made = await alice.json<{ id: string }>(['teams', 'create', 'Night shift', '-m', id]);
    expect(made).toMatchObject({ team_name: 'Night shift', members: [id] });
    const emptied = await alice.run(['teams', 'update', made.id, '--name', 'Day shift', '--no-member']);
    expect(emptied.stdout).toBe('Day shift is changed.\n');
    expect((await alice.run(['teams', 'list'])).stdout).toMatch(new RegExp(`${made.id} +Day shift +0 `));
    const wrong = await alice.run(['teams', 'create', '', '-m', 'nobody']);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringMatching(/team_name: .*\n.*members\[0\]: /)]);
    expect((await alice.run(['teams', 'delete', made.id])).code).toBe(0);
    expect((await alice.run(['teams', 'get', made.id])).stderr).toContain('(404)');
  });

  it('has settings, which are replaced as they were read', async () => {
    const settings = { time_zone: 'Europe/Madrid', budgets: { run: { hard: 2, currency: 'EUR' } } };
    const set = ['settings', 'set', '-f', '-'];
    expect((await alice.run(set, JSON.stringify(settings))).stdout).toContain('time_zone: Europe/Madrid');
    const kept = await alice.json<object>(['settings', 'get']);
    expect(await alice.json(set, JSON.stringify(kept))).toEqual(kept);
    const wrong = await alice.run(set, '{"time_zone": "Mars", "budgets": {"run": {"soft": -1}}}');
    expect([wrong.code, wrong.stderr]).toEqual([
      1,
      expect.stringMatching(/time_zone: .*\n.*currency: .*\n.*soft: /),
    ]);
    expect(await alice.json(set, '{}')).toMatchObject({ time_zone: 'UTC', budgets: { run: null } });
  });

  it('is looked after: health, usage, audit', async () => {
    expect((await alice.run(['health'])).stdout).toContain('registry: healthy');
    expect(await alice.json(['usage', '--by', 'model'])).toMatchObject({ group_by: 'model' });
    expect((await alice.run(['audit', '--type', 'api_key', '-n', '1'])).stdout).toContain('revoke');
  });
});

describe('the command', () => {
  it('ends with 2 when it is used wrongly, and with 1 when nobody answers', async () => {
    for (const args of [['nonsense'], ['reports', 'submit'], ['ask', 'what?'], ['--url', 'x', 'health']]) {
      const { code, stdout, stderr } = await alice.run(args);
      expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(/./)]);
      expect(stderr).not.toContain('    at ');
    }
    const nobody = await alice.run(['--url', 'http://127.0.0.1:9', 'health']);
    expect([nobody.code, nobody.stderr]).toEqual([1, expect.stringContaining('cannot be reached')]);
  });

  it('is a process that ends with its status, and runs from anywhere by its launcher', async () => {
    const [healthy, wrong] = [alice.start(['--json', 'health'], 'launcher'), alice.start(['nonsense'])];
    const { code, stdout, stderr } = await healthy.ended;
    expect([code, JSON.parse(stdout).status, stderr]).toEqual([0, 'healthy', '']);
    expect(await wrong.ended).toEqual({ code: 2, stdout: '', stderr: "error: unknown command 'nonsense'\n" });
  });
});
