// Commands through the whole mesh: plain words change reports, by patches, for whoever may change them.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApiClient } from '../../clients/api/api-client.ts';
import type { Query, Report } from '../../clients/api/gen/api-types.ts';
import { sampleDomain } from '../../local/demo/demo-run.ts';
import { refused } from './answers.ts';
import { finishReport, openSession, queryOnceEnded, startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

let mesh: TestMesh;
let editor: ApiClient;
let session: string;
let potholes: string[];

beforeAll(async () => {
  mesh = await startTestMesh();
  editor = await mesh.as('acme', 'edgar', ['editor']);
  const admin = await mesh.as('acme', 'ada');
  for (const team_name of ['Roads Team', 'Lamps North', 'Lamps South']) {
    await admin.post('/api/v1/teams', { body: { team_name } });
  }
  session = await openSession(editor);
  const texts = [
    'Deep pothole on Main Street near the bank',
    'Pothole at 12 Main St',
    'Trash on Main Street',
  ];
  const finished = await Promise.all(texts.map((text) => finishReport(editor, text)));
  potholes = finished.slice(0, 2).map(({ report }) => report.incident_id);
});

afterAll(() => mesh?.close());

async function command(question: string): Promise<Query> {
  const body = { session_id: session, domain_id: sampleDomain, question, mode: 'management' as const };
  const { query_id } = await editor.post('/api/v1/queries', { body });
  return queryOnceEnded(editor, query_id);
}

function reportOf(incident_id: string): Promise<Report> {
  return editor.get('/api/v1/reports/{incident_id}', { path: { incident_id } });
}

const cited = ({ references_used }: Query) => references_used.map(({ reference_id }) => reference_id).sort();

describe('a command', () => {
  it('changes the reports that it describes, and the next one those that it points at', async () => {
    const first = await command(
      'Assign all open potholes on Main Street to the roads team and set priority to high',
    );
    expect([first.status, cited(first)]).toEqual(['completed', potholes.toSorted()]);
    expect(first.summary).toContain('assigned to Roads Team');
    const second = await command('Mark them as resolved because the holes were filled');
    expect(cited(second)).toEqual(potholes.toSorted());
    const [one = ''] = potholes;
    expect(await reportOf(one)).toMatchObject({
      status: 'resolved',
      management_data: { task_details: { assignee_type: 'team', assignee_verified: true, priority: 'high' } },
    });
    const path = { incident_id: one };
    const { patches } = await editor.get('/api/v1/reports/{incident_id}/patches', { path });
    expect(patches.map(({ source, reason }) => [source, reason])[0]).toEqual([
      'agent',
      'the holes were filled',
    ]);
    expect(patches).toHaveLength(3);
  });

  it('that is about nothing in the domain completes and changes nothing', async () => {
    const job = await command('Close all unicorns');
    expect(job).toMatchObject({ status: 'completed', patches: [], references_used: [] });
    expect(job.summary).toContain('Nothing was changed');
  });

  it('that may mean several reports or teams changes nothing until its questions are answered', async () => {
    const [lamp] = await Promise.all(
      ['Street lamp out on Oak Avenue', 'Street lamp flickers in Pine Road'].map((text) =>
        finishReport(editor, text),
      ),
    );
    const which = await command('Assign the street lamp to Lamps and set priority to low, due tomorrow');
    expect(which).toMatchObject({ patches: [] });
    expect(cited(which)).toHaveLength(2);
    expect(which.summary).toContain('Which of 2 reports is meant by "the street lamp"?');
    const who = await command('the one on Oak Avenue');
    expect(who).toMatchObject({ patches: [] });
    expect(cited(who)).toEqual([lamp?.report.incident_id]);
    expect(who.summary).toMatch(/Who is meant by "Lamps"\?.*\n.*1\. team Lamps \w+ /);
    const done = await command('Lamps South');
    expect(done.summary).toContain('assigned to Lamps South');
    expect(await reportOf(lamp?.report.incident_id ?? '')).toMatchObject({
      management_data: {
        task_details: {
          assignee_type: 'team',
          assignee_verified: true,
          priority: 'low',
          due_date: expect.any(String),
        },
      },
    });
    const after = await command('the first one');
    expect(after).toMatchObject({ patches: [], references_used: [] });
  });

  it('about everything is asked about first, and can be taken back', async () => {
    expect((await command('Close everything')).summary).toMatch(
      /Are really all \d+ reports meant by "everything"\?/,
    );
    const taken = await command('no');
    expect(taken).toMatchObject({ status: 'completed', patches: [] });
    expect(taken.summary).toContain('The command was taken back');
  });

  it('of a viewer is refused', async () => {
    const viewer = await mesh.as('acme', 'vera', ['viewer']);
    const asked = { session_id: await openSession(viewer), domain_id: sampleDomain, question: 'Close it' };
    const ask = (mode: 'management' | 'query') =>
      viewer.post('/api/v1/queries', { body: { ...asked, mode } });
    expect((await refused(ask('management'))).status).toBe(403);
    expect(await ask('query')).toMatchObject({ status: 'accepted' });
  });
});
