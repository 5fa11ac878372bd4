// Runs an invocation in its runtime and lets nothing pass that its schema does not allow. It knows no runtime from the inside.
import type { Tracer } from '@opentelemetry/api';
import { Fault } from '../../../foundation/fault/fault.ts';
import { anyOutput, type OutputCheck, outputBytesMax } from '../../../foundation/json/output-check.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import { Attribute, GenAiOperation, genAiPlatform, spanName } from '../../../foundation/telemetry/names.ts';
import { inSpan } from '../../../foundation/telemetry/spans.ts';
import type { Invocation, InvocationEnd, Runtime } from '../core/invocation.ts';
import { AttemptFailed, failureOf } from '../core/invocation-failure.ts';
import type { InvocationCircumstances, RunAgent, RuntimeAnswer } from './run-agent.ts';

/** Runs one attempt. What goes wrong is a failure in the closed list; it rejects for nothing. */
export type RunInvocation = (
  invocation: Invocation,
  circumstances: InvocationCircumstances,
) => Promise<InvocationEnd>;

/** On what an agent runs, as far as the attempt knows. */
export type FingerprintOf = (
  invocation: Invocation,
  circumstances: InvocationCircumstances,
) => Promise<string>;

/** What running needs. */
export interface RunInvocationDeps {
  readonly runtimes: Readonly<Record<Runtime, RunAgent>>;
  readonly outputs: OutputCheck;
  /** On what the agent ran; absent where nobody is told. */
  readonly fingerprintOf?: FingerprintOf;
  readonly tracer: Tracer;
  readonly log: Log;
}

/** Runs each agent in its runtime, inside a span that has failed when the attempt has. */
export function createRunInvocation(deps: RunInvocationDeps): RunInvocation {
  const run = createRun(deps);
  return (invocation, circumstances) => {
    // What a worker does for no agent has the span of its call.
    if (invocation.work) return run(invocation, circumstances);
    const { agentId, agentName, agentVersion, runtime } = invocation;
    const attributes = {
      [Attribute.genAiOperation]: GenAiOperation.invokeAgent,
      [Attribute.genAiProvider]: genAiPlatform,
      [Attribute.genAiAgentId]: agentId,
      [Attribute.genAiAgentName]: agentName,
      [Attribute.genAiAgentVersion]: String(agentVersion),
      [Attribute.agentRuntime]: runtime,
    };
    return inSpan(deps.tracer, spanName.invokeAgent(agentName), { attributes }, async (span) => {
      const end = await run(invocation, circumstances);
      if ('failure' in end) span.fail(end.failure.code);
      return end;
    });
  };
}

function createRun(deps: RunInvocationDeps): RunInvocation {
  const { runtimes, outputs, log } = deps;
  return async (invocation, circumstances) => {
    const run = runtimes[invocation.runtime];
    try {
      const answered = await run(invocation, loggingRefusals(log, invocation, circumstances));
      const end = checked(outputs, invocation, answered);
      return 'answer' in end ? { ...end, ...(await basisOf(deps, invocation, circumstances)) } : end;
    } catch (error) {
      if (!(error instanceof Fault || error instanceof AttemptFailed)) {
        const { agentId, runtime } = invocation;
        log.error({ err: error, agent_id: agentId, runtime }, 'A runtime ended in an error');
      }
      return { failure: failureOf(error) };
    }
  };
}

/** Calls of tools that the run may not make are told as they are, and stand in the log too: not what was asked with, which may be of a report. */
function loggingRefusals(
  log: Log,
  { agentId, attemptKey, tools }: Invocation,
  { tell, ...circumstances }: InvocationCircumstances,
): InvocationCircumstances {
  const { capability } = circumstances;
  return {
    ...circumstances,
    tell: (notice) => {
      tell(notice);
      if (notice.kind !== 'tool_call' || notice.call.errorCode !== 'permission_denied') return;
      const { toolName } = notice.call;
      const tool = tools.includes(toolName) ? toolName : 'none of the agent';
      const of = {
        agent_id: agentId,
        job_id: attemptKey.jobId,
        task_id: attemptKey.taskId,
        capability,
        tool,
      };
      log.warn(of, 'A call of a tool was refused as permission_denied');
    },
  };
}

/** An answer whose basis cannot be told is as good; nobody keeps it. */
async function basisOf(
  { fingerprintOf }: RunInvocationDeps,
  invocation: Invocation,
  circumstances: InvocationCircumstances,
): Promise<{ readonly fingerprint?: string }> {
  if (!invocation.tellsFingerprint || !fingerprintOf) return {};
  const fingerprint = await fingerprintOf(invocation, circumstances).catch(() => undefined);
  return fingerprint === undefined ? {} : { fingerprint };
}

function checked(
  outputs: OutputCheck,
  { outputSchema, work }: Invocation,
  answered: RuntimeAnswer,
): InvocationEnd {
  const { output } = answered.answer;
  if (Buffer.byteLength(JSON.stringify(output)) > outputBytesMax) {
    const message = `The output is too large: at most ${outputBytesMax} bytes of JSON are allowed`;
    return { failure: { code: 'output_too_large', message } };
  }
  const problems = (work ? anyOutput : outputs).problemsOf(output, outputSchema);
  if (problems.length === 0) return answered;
  const message = `The output is not valid: ${problems.join('; ')}`;
  return { failure: { code: 'output_invalid', message } };
}
