#!/usr/bin/env node
// `npm run deploy-and-verify`: deploys, verifies and proves the product, on this machine, as a compose project or as a Helm release.
import { join, resolve } from 'node:path';
import { checkoutDir, defaultDataDir, ensureFolder } from '../local/checkout.ts';
import { runCommand, UsageError } from '../local/terminal/run-command.ts';
import { categories } from './acceptance/catalogue.ts';
import { testsOf } from './acceptance/options.ts';
import { createReport } from './acceptance/report.ts';
import { createComposeTarget } from './deploy/compose-target.ts';
import {
  type DeploymentReport,
  knownReports,
  nextDeploymentId,
  writeReport,
} from './deploy/deployment-report.ts';
import { createCommands } from './deploy/external-command.ts';
import { runDeployment } from './deploy/flow.ts';
import { createHelmTarget } from './deploy/helm-target.ts';
import { createLocalTarget } from './deploy/local-target.ts';
import { type DeployOptions, readDeployOptions, usage } from './deploy/options.ts';
import type { Target } from './deploy/target.ts';

/** EX_USAGE of sysexits.h. */
const usageExitCode = 64;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function run(signal: AbortSignal): Promise<number> {
  try {
    const options = readDeployOptions(process.argv.slice(2), process.env, process.stdout.isTTY === true);
    if (options === 'help') {
      say(usage);
      return 0;
    }
    return await deploy(options, signal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}\n`);
    return usageExitCode;
  }
}

async function deploy(options: DeployOptions, signal: AbortSignal): Promise<number> {
  const startedAt = new Date();
  const { DATA_DIR } = process.env;
  const dataDir = DATA_DIR ? resolve(checkoutDir, DATA_DIR) : defaultDataDir;
  await ensureFolder(dataDir);
  const folder = join(dataDir, 'deployments');
  const deploymentId = nextDeploymentId(startedAt, await knownReports(folder));
  const onStep = (step: string): void => say(`${new Date().toISOString().slice(11, 19)}  ${step}`);
  const lines = createReport(options);
  const report = await runDeployment({
    ...{ deploymentId, startedAt, signal, onStep, tokens: options.tokens, issuer: options.issuer },
    target: targetOf(options, signal, onStep),
    onTest: (test, outcome, durationMs) => say(lines.line(test, outcome, durationMs)),
  });
  const paths = await writeReport(report, { folder, file: options.report });
  tell(report, lines);
  for (const path of paths) say(`Report: ${path}`);
  return report.issues.length === 0 && report.tests.ready_for_demo ? 0 : 1;
}

function targetOf(options: DeployOptions, signal: AbortSignal, onStep: (step: string) => void): Target {
  const commands = createCommands({ env: process.env, cwd: checkoutDir, signal });
  if (options.target === 'local') return createLocalTarget({ commands, signal, onStep });
  if (options.target === 'compose') return createComposeTarget({ commands, signal });
  return createHelmTarget({ commands, ...options });
}

function tell({ issues, tests }: DeploymentReport, lines: ReturnType<typeof createReport>): void {
  const all = testsOf(categories, 'deployed');
  if (tests.total > 0) say(lines.summary(tests, all, all.length));
  for (const { step, part, message, events = [], logs = [] } of issues) {
    say(`\n${step}${part === undefined ? '' : `, ${part}`}: ${message}`);
    for (const line of [...events, ...logs]) say(`  ${line}`);
  }
}

await runCommand({ name: 'The deployment', usage, run });
