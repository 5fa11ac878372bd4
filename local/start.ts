// `npm start`: the whole mesh on this machine until Ctrl-C. It prints what a person needs to send the first request.
import { resolve } from 'node:path';
import { checkoutDir, defaultDataDir, issuerKeyPath } from './checkout.ts';
import { modelEnvironment } from './mesh/model-environment.ts';
import { type Mesh, startMesh } from './mesh.ts';
import { readArguments, readPort } from './terminal/arguments.ts';
import { mintToken } from './terminal/mint-token.ts';
import { aborted, runCommand } from './terminal/run-command.ts';
import { makeTemporaryFolder } from './terminal/temporary-folder.ts';

const portDefault = 8080;

const usage = `Usage: npm start [-- --ephemeral] [-- --processes]

  --ephemeral  keep nothing: all data goes into a temporary folder and is gone at the end
  --processes  give each service a process of its own
  --help       show this text

  PORT         port of the REST API [${portDefault}]; 0 takes a free one
  DATA_DIR     folder that keeps the data from start to start [.domainflow]
  MODEL_…      the language model of agents, as in deploy/README.md; without MODEL_PROVIDER rules stand in for it`;

interface Choice {
  readonly port: number;
  /** Undefined keeps nothing. */
  readonly dataDir: string | undefined;
  readonly mode: 'in-process' | 'processes';
}

function readChoice(args: readonly string[]): Choice | 'help' {
  const given = readArguments(args, {
    ephemeral: { type: 'boolean', default: false },
    processes: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (given.help) return 'help';
  const { PORT, DATA_DIR } = process.env;
  const dataDir = DATA_DIR ? resolve(checkoutDir, DATA_DIR) : defaultDataDir;
  return {
    port: readPort(PORT, portDefault),
    dataDir: given.ephemeral ? undefined : dataDir,
    mode: given.processes ? 'processes' : 'in-process',
  };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** What to do next, ready to be pasted. */
async function welcome(mesh: Mesh, seconds: string): Promise<string> {
  const token = await mintToken({ tenant: 'acme', user: 'alice', roles: ['admin'] });
  const api = `${mesh.gatewayUrl}/api/v1`;
  return `
DomainFlow is ready after ${seconds} s at ${mesh.gatewayUrl}

A token for user alice, an admin of tenant acme, good for 12 hours:

export TOKEN=${token}

Report something, then look at what became of it:

curl -s ${api}/reports -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
  -d '{"domain_id": "civic_complaints", "text": "Two street lights are out on Main Street since Monday"}'
curl -s ${api}/reports -H "Authorization: Bearer $TOKEN"

Or, shorter (\`npx domainflow --help\` shows the rest):

npx domainflow login --dev --url ${mesh.gatewayUrl} --tenant acme --user alice --role admin
npx domainflow reports submit "Two street lights are out on Main Street" --domain civic_complaints --wait

Every call, to try in a browser:  ${mesh.gatewayUrl}/docs

Logs of the services:  ${mesh.logDir}
Traces, newest first:  ${mesh.tracesUrl}/traces
Ctrl-C stops everything.`;
}

/** Keeps the mesh up until the signal, or until a service ends by itself. The answer is the exit code. */
async function serve(mesh: Mesh, signal: AbortSignal): Promise<number> {
  const broken = await Promise.race([aborted(signal), mesh.failure]);
  if (broken !== undefined) process.stderr.write(`${broken}\n`);
  say(broken === undefined ? '\nStopping …' : 'Stopping the rest …');
  await mesh.close();
  say('Everything is stopped.');
  return broken === undefined ? 0 : 1;
}

async function run(signal: AbortSignal): Promise<number> {
  const choice = readChoice(process.argv.slice(2));
  if (choice === 'help') {
    say(usage);
    return 0;
  }
  say(choice.dataDir === undefined ? 'Nothing will be kept.' : `The data is kept in ${choice.dataDir}`);
  if (choice.dataDir !== undefined) return startAndServe(choice, signal);
  const logs = await makeTemporaryFolder();
  let exitCode: number | undefined;
  try {
    exitCode = await startAndServe({ ...choice, logDir: logs.path }, signal);
    return exitCode;
  } finally {
    // After a failure the logs are what is left to look at.
    if (exitCode === 0 || signal.aborted) await logs.remove();
  }
}

async function startAndServe(
  choice: Choice & { readonly logDir?: string },
  signal: AbortSignal,
): Promise<number> {
  const startedMs = performance.now();
  const secondsSince = (): string => ((performance.now() - startedMs) / 1000).toFixed(1);
  const onStep = (step: string): void => say(`${secondsSince().padStart(5)} s  ${step}`);
  const agentSettings = modelEnvironment(process.env);
  const mesh = await startMesh({ ...choice, issuerKeyPath, agentSettings, signal, onStep });
  say(await welcome(mesh, secondsSince()));
  return serve(mesh, signal);
}

await runCommand({ name: 'The mesh', usage, run });
