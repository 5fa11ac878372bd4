// The steps of a deployment (SPEC S14), one after another: the first that fails ends them, and the report says how far it went.
import { categories } from '../acceptance/catalogue.ts';
import { testsOf } from '../acceptance/options.ts';
import type { SuiteResult, TestResult } from '../acceptance/result.ts';
import { runSuite } from '../acceptance/runner.ts';
import { type AcceptanceTest, callerNames, type Tokens } from '../acceptance/suite.ts';
import { completeTokens } from '../acceptance/tokens.ts';
import { databaseProblems, databaseState } from './database-state.ts';
import { type DeploymentReport, type Issue, nothingKnown, type ServiceState } from './deployment-report.ts';
import { isMissingModule, startFaults } from './start-faults.ts';
import { type Bundle, type ServiceName, StepFailure, serviceNames, shownMax, type Target } from './target.ts';

/** What a deployment is run with. */
export interface DeploymentRun {
  readonly deploymentId: string;
  readonly startedAt: Date;
  readonly target: Target;
  /** Tokens of the callers; those that are missing come from the deployment's development issuer. */
  readonly tokens: Partial<Tokens>;
  /** [that of the deployment] */
  readonly issuer: string | undefined;
  readonly signal: AbortSignal;
  readonly onStep: (step: string) => void;
  readonly onTest?: (test: AcceptanceTest, result: TestResult, durationMs: number) => void;
}

/** The services whose logs tell why a test of a category failed. */
const behind: Readonly<Record<string, readonly ServiceName[]>> = {
  authentication: ['gateway'],
  agents: ['registry'],
  domains: ['registry'],
  reports: ['reports', 'orchestrator'],
  sessions: ['sessions'],
  queries: ['orchestrator', 'agents'],
};

type Draft = { -readonly [K in keyof DeploymentReport]: DeploymentReport[K] };

/** Runs the steps. It does not reject; whether all is well is in the report, which has no issue then. */
export async function runDeployment(run: DeploymentRun): Promise<DeploymentReport> {
  const issues: Issue[] = [];
  const report: Draft = {
    deployment_id: run.deploymentId,
    timestamp: run.startedAt.toISOString(),
    ...{ stacks: [], services: [], ...nothingKnown, issues },
  };
  for (const [name, perform] of steps) {
    run.onStep(name);
    try {
      run.signal.throwIfAborted();
      await perform(run, report, (issue) => void issues.push({ step: name, ...issue }));
    } catch (error) {
      issues.push(issueOf(name, error, run.signal));
    }
    if (issues.length > 0) break;
  }
  await run.target.end().catch((error: unknown) => issues.push(issueOf('end', error, run.signal)));
  return report;
}

type Step = (run: DeploymentRun, report: Draft, tell: (issue: Omit<Issue, 'step'>) => void) => Promise<void>;

const steps: readonly (readonly [name: string, perform: Step])[] = [
  ['prerequisites', checkPrerequisites],
  ['build', build],
  ['deploy', deploy],
  ['verify', verify],
  ['database', prepareDatabase],
  ['acceptance', measure],
];

function issueOf(step: string, error: unknown, signal: AbortSignal): Issue {
  if (signal.aborted) return { step, message: 'The deployment was interrupted' };
  if (!(error instanceof StepFailure))
    return { step, message: error instanceof Error ? error.message : String(error) };
  const { message, part, events, logs } = error;
  return { step, message, ...(part && { part }), ...(events && { events }), ...(logs && { logs }) };
}

async function checkPrerequisites(run: DeploymentRun, _: Draft, tell: Parameters<Step>[2]): Promise<void> {
  const { target, tokens, issuer } = run;
  const messages = await target.prerequisites();
  for (const message of messages) tell({ message });
  const missing = callerNames.filter((caller) => tokens[caller] === undefined);
  if (missing.length === 0 || issuer !== undefined) return;
  // Where it cannot be found out, what is in the way was told.
  if (await target.bringsIssuer().catch(() => messages.length > 0)) return;
  tell({ message: `The credentials of ${missing.join(', ')} are missing; --token name=JWT gives them` });
}

async function build({ target }: DeploymentRun, report: Draft, tell: Parameters<Step>[2]): Promise<void> {
  const bundles = await target.build();
  report.services = serviceNames.map((name) => serviceOf(name, bundles[name], 'Not deployed'));
  for (const name of serviceNames) {
    const { missing } = bundles[name];
    if (missing !== undefined) tell({ part: name, message: `Its bundle is not whole: ${missing}` });
  }
}

function serviceOf(name: ServiceName, { runtime, codeSize, missing }: Bundle, state: string): ServiceState {
  return { name, state, runtime, code_size: codeSize, has_dependencies: missing === undefined };
}

// What stands is told also where bringing it up failed.
async function deploy({ target, signal }: DeploymentRun, report: Draft): Promise<void> {
  try {
    await target.deploy();
  } finally {
    if (!signal.aborted) {
      report.stacks = await target.stacks().catch(() => []);
      report.services = await standingOf(target, report).catch(() => report.services);
    }
  }
}

async function standingOf(target: Target, report: Draft): Promise<readonly ServiceState[]> {
  const standing = await target.services();
  return report.services.map((service) => {
    const found = standing.find(({ name }) => name === service.name);
    const { state = 'Missing', runtime = service.runtime, codeSize = service.code_size } = found ?? {};
    return { ...service, state, runtime, code_size: codeSize };
  });
}

async function verify({ target }: DeploymentRun, report: Draft, tell: Parameters<Step>[2]): Promise<void> {
  report.stacks = await target.stacks();
  for (const { name, status } of report.stacks) {
    if (status !== 'deployed' && status !== 'running') tell({ part: name, message: `It is ${status}` });
  }
  report.services = await standingOf(target, report);
  for (const name of serviceNames) {
    const lines = await target.logs(name);
    const faults = startFaults(lines);
    if (faults.some(isMissingModule)) report.services = withoutDependencies(report.services, name);
    const state = report.services.find((service) => service.name === name)?.state;
    const logs = lines.slice(-shownMax.logs);
    if (state !== 'Active') tell({ part: name, message: `It is ${state}`, logs });
    else if (faults.length > 0)
      tell({ part: name, message: `Its log tells of a bad start: ${faults[0]}`, logs });
  }
}

function withoutDependencies(services: readonly ServiceState[], name: ServiceName): readonly ServiceState[] {
  return services.map((service) =>
    service.name === name ? { ...service, has_dependencies: false } : service,
  );
}

async function prepareDatabase(
  { target }: DeploymentRun,
  report: Draft,
  tell: Parameters<Step>[2],
): Promise<void> {
  const init = await target.initDatabase();
  report.database = databaseState(init, undefined);
  const found = await target.verifyDatabase();
  report.database = databaseState(init, found);
  for (const message of databaseProblems(report.database, found)) tell({ part: 'db-verify', message });
}

async function measure(run: DeploymentRun, report: Draft, tell: Parameters<Step>[2]): Promise<void> {
  const { target, signal, onTest } = run;
  const gateway = await target.reach();
  try {
    const issuer = run.issuer ?? gateway.issuer;
    const tokens = await completeTokens(run.tokens, issuer);
    const tests = testsOf(categories, 'deployed');
    const result = await runSuite({
      ...{ mode: 'deployed', url: gateway.url, tokens, hasDevIssuer: issuer !== undefined },
      ...{ tests, modeTotal: tests.length, cleanup: true, signal },
      ...(onTest && { onTest }),
      onLeft: (message) => tell({ part: 'removal', message }),
    });
    report.tests = await withServiceLogs(result, target);
    for (const { test, status, error, logs } of report.tests.results) {
      if (status !== 'failed') continue;
      tell({
        part: test,
        message: error ?? 'It failed',
        ...(logs && { logs: logs.slice(-shownMax.logs) }),
      });
    }
    // What was skipped then is no fault of the deployment.
    signal.throwIfAborted();
  } finally {
    await gateway.close();
  }
}

/** The result with the last lines of the services behind each failed test after what the test asked. */
async function withServiceLogs(result: SuiteResult, target: Target): Promise<SuiteResult> {
  const results: TestResult[] = [];
  for (const outcome of result.results) {
    const category = categories.find(({ tests }) => tests.some(({ id }) => id === outcome.test));
    if (outcome.status !== 'failed' || !category) {
      results.push(outcome);
      continue;
    }
    const lines = [...(outcome.logs ?? [])];
    for (const name of behind[category.name] ?? []) {
      const told = await target.logs(name).catch(() => []);
      lines.push(...told.slice(-shownMax.logs).map((line) => `${name}: ${line}`));
    }
    results.push({ ...outcome, logs: lines });
  }
  return { ...result, results };
}
