// `npm run demo`: shows what DomainFlow does, on real complaints and a mesh of its own, in words for people who see it for the first time.
import { createClient } from '../clients/api/api-client.ts';
import { ApiError, ConnectionError } from '../clients/api/api-error.ts';
import type { Report } from '../clients/api/gen/api-types.ts';
import { issuerKeyPath } from './checkout.ts';
import { askQuestions } from './demo/ask-questions.ts';
import { attachImage } from './demo/attach-image.ts';
import { changeReport } from './demo/change-report.ts';
import type { DemoRun } from './demo/demo-run.ts';
import { runWorkflow, type WorkerAccess } from './demo/run-workflow.ts';
import { readComplaints, readSettings } from './demo/sample.ts';
import { showData } from './demo/show-data.ts';
import { mostTelling, showReport } from './demo/show-report.ts';
import { showTrace } from './demo/show-trace.ts';
import { submitComplaints } from './demo/submit-complaints.ts';
import { isPortFree } from './mesh/port-in-use.ts';
import { type Mesh, startMesh } from './mesh.ts';
import { readArguments, readPort } from './terminal/arguments.ts';
import { mintToken } from './terminal/mint-token.ts';
import { createNarrator, type Narrator } from './terminal/narrator.ts';
import { aborted, runCommand } from './terminal/run-command.ts';
import { makeTemporaryFolder } from './terminal/temporary-folder.ts';

const portDefault = 8080;

const usage = `Usage: npm run demo [-- --exit] [-- --processes]

  --exit       stop at the end, with status 0 if all was well, instead of staying up
  --processes  give each service a process of its own
  --help       show this text

  PORT         port of the REST API [${portDefault}, or a free one if that is taken]`;

async function choosePort(narrator: Narrator): Promise<number> {
  const { PORT } = process.env;
  if (PORT) return readPort(PORT, portDefault);
  if (await isPortFree(portDefault)) return portDefault;
  narrator.say(`Port ${portDefault} is in use by another program, so a free port is taken.`);
  return 0;
}

async function startDemoMesh(
  narrator: Narrator,
  options: {
    readonly mode: 'in-process' | 'processes';
    readonly logDir: string;
    readonly signal: AbortSignal;
  },
): Promise<Mesh> {
  narrator.heading('DomainFlow turns free text into data that can be traced back to its source');
  narrator.say(
    'It starts now: a gateway with the REST API, five services and two databases, all on this machine. Nothing leaves it, and nothing is kept.',
  );
  const startedMs = performance.now();
  const port = await choosePort(narrator);
  const onStep = (step: string): void => narrator.progress(`  ${step} …`);
  const mesh = await startMesh({ ...options, port, dataDir: undefined, issuerKeyPath, onStep });
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  narrator.progressDone(`  ready after ${seconds} s at ${mesh.gatewayUrl}`);
  return mesh;
}

/** Everything that is shown. Notes in `run.problems` what is wrong. */
async function tellStory(run: DemoRun, tracesUrl: string, access: WorkerAccess): Promise<void> {
  const { api, narrator } = run;
  const [complaints, settings] = await Promise.all([readComplaints(), readSettings()]);
  narrator.heading('1. An organisation says where it is at home');
  narrator.say(
    `An organisation is a tenant; nobody else sees its data. This one, "acme", plays a city office of ${settings.home_area.name} and lists ${settings.places.length} neighbourhoods with their positions, so that a name in a text becomes a point on a map.`,
  );
  await api.put('/api/v1/tenant/settings', { body: settings });

  narrator.heading(`2. ${complaints.length} real complaints come in`);
  narrator.say(
    'People of Boston wrote them (public domain, see local/sample). Each becomes a report of the domain "civic_complaints", and its ingestion playbook runs: three agents read the text side by side, for where, when and what it is about. They need no model and no key.',
  );
  const finished = await submitComplaints(run, complaints);

  narrator.heading('3. One report in full');
  narrator.say(
    'Every value names the agent that gave it and, where it was read from the text, the very words.',
  );
  const telling = mostTelling(finished);
  if (telling) showReport(narrator, telling.report);

  narrator.heading('4. Questions in a session');
  narrator.say(
    'A question runs the query playbook: six agents (who, what, where, when, why, how) look at the reports. Every report that they cite is checked to exist; the numbers in brackets name them. ("When" counts from the submission, so here it always says today.)',
  );
  const asked = await askQuestions(
    run,
    finished.map(({ report }) => report),
  );

  const reports = finished.map(({ report }) => report);
  await tellOfDocuments(run, reports, telling?.report);

  narrator.heading('8. Work for remote workers');
  narrator.say(
    'A workflow is a graph of tasks that comes with a request. Two workers that run beside this demo pull them over the public API: one counts words, three times side by side, the other compares what it found.',
  );
  narrator.print('');
  await runWorkflow(run, access, reports);

  narrator.heading('9. What happened behind the report of part 3');
  narrator.say(
    'Its trace: every call between the services and to the databases, below its caller, with how long it took. "invoke_workflow" is the playbook, "invoke_agent" an agent in it.',
  );
  narrator.print('');
  await showTrace(run, { kind: 'report', tracesUrl, jobId: telling?.jobId, draws: true });
  await showTrace(run, { kind: 'question', tracesUrl, jobId: asked.at(-1)?.job_id, draws: false });
}

/** What can be done with reports once they are there. */
async function tellOfDocuments(
  run: DemoRun,
  reports: readonly Report[],
  report: Report | undefined,
): Promise<void> {
  const { narrator } = run;
  narrator.heading('5. A report is changed, and the change is taken back');
  narrator.say(
    'Whatever changes a report is a patch: what was there before, what after, and whose doing it was. A patch can be taken back while nothing later holds its paths.',
  );
  if (report) await changeReport(run, report);

  narrator.heading('6. All reports at once');
  narrator.say('Counted by what the agents found them to be about, and as clusters for a map:');
  narrator.print('');
  await showData(run, reports);

  narrator.heading('7. A report with a photo');
  narrator.say(
    'The photo goes straight to the object store, is checked when its report is submitted, and is read by links that end after an hour.',
  );
  narrator.print('');
  await attachImage(run);
}

/** What is wrong, or that nothing is. The answer is the exit code. */
function conclude({ narrator, problems }: DemoRun): number {
  narrator.heading(problems.length === 0 ? 'All went well' : `${problems.length} things went wrong`);
  for (const problem of problems) narrator.say(`  ${problem}`);
  return problems.length === 0 ? 0 : 1;
}

function invite(narrator: Narrator, mesh: Mesh, token: string): void {
  narrator.heading(`The mesh stays up at ${mesh.gatewayUrl} until Ctrl-C`);
  narrator.say('Look around with a token of user alice, an admin of tenant acme, good for 12 hours:');
  narrator.print(`
export TOKEN=${token}
curl -s ${mesh.gatewayUrl}/api/v1/reports -H "Authorization: Bearer $TOKEN"

Traces: ${mesh.tracesUrl}/traces
Logs:   ${mesh.logDir}
`);
}

async function demonstrate(
  mesh: Mesh,
  {
    narrator,
    signal,
    exits,
  }: { readonly narrator: Narrator; readonly signal: AbortSignal; readonly exits: boolean },
): Promise<number> {
  const token = await mintToken({ tenant: 'acme', user: 'alice', roles: ['admin'] });
  const api = createClient({ baseUrl: mesh.gatewayUrl, credential: token, signal });
  const run: DemoRun = { api, narrator, signal, problems: [] };
  try {
    await tellStory(run, mesh.tracesUrl, { url: mesh.gatewayUrl, credential: token });
  } catch (error) {
    // A request that failed outright ends the story, and its sentence says why.
    if (!(error instanceof ApiError) && !(error instanceof ConnectionError)) throw error;
    const where =
      error instanceof ApiError ? `${error.problem?.instance} was answered with ${error.status}: ` : '';
    run.problems.push(where + error.message);
  }
  const exitCode = conclude(run);
  if (exits) return exitCode;
  invite(narrator, mesh, token);
  const broken = await Promise.race([aborted(signal), mesh.failure]);
  if (broken !== undefined) narrator.say(broken);
  return broken === undefined ? exitCode : 1;
}

async function run(signal: AbortSignal): Promise<number> {
  const given = readArguments(process.argv.slice(2), {
    exit: { type: 'boolean', default: false },
    processes: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  const narrator = createNarrator(process.stdout, { plain: Boolean(process.env.NO_COLOR) });
  if (given.help) {
    narrator.print(usage);
    return 0;
  }
  const logs = await makeTemporaryFolder();
  let exitCode = 1;
  try {
    const mode = given.processes ? 'processes' : 'in-process';
    const mesh = await startDemoMesh(narrator, { mode, logDir: logs.path, signal });
    try {
      exitCode = await demonstrate(mesh, { narrator, signal, exits: given.exit });
    } finally {
      narrator.progressDone('Stopping the mesh …');
      await mesh.close();
    }
    return exitCode;
  } finally {
    if (exitCode === 0 || signal.aborted) await logs.remove();
    else narrator.say(`The services' logs are left in ${logs.path}`);
  }
}

await runCommand({ name: 'The demo', usage, run });
