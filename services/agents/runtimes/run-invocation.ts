// Runs an invocation in its runtime and lets nothing pass that its schema does not allow. It knows no runtime from the inside.
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { Invocation, InvocationEnd, Runtime } from '../core/invocation.ts';
import { AttemptFailed, failureOf } from '../core/invocation-failure.ts';
import { type OutputCheck, outputBytesMax } from '../core/output-check.ts';
import type { InvocationCircumstances, RunAgent, RuntimeAnswer } from './run-agent.ts';

/** Runs one attempt. What goes wrong is a failure in the closed list; it rejects for nothing. */
export type RunInvocation = (
  invocation: Invocation,
  circumstances: InvocationCircumstances,
) => Promise<InvocationEnd>;

/** What running needs. */
export interface RunInvocationDeps {
  readonly runtimes: Readonly<Record<Runtime, RunAgent>>;
  readonly outputs: OutputCheck;
  readonly log: Log;
}

/** Runs each agent in its runtime. */
export function createRunInvocation({ runtimes, outputs, log }: RunInvocationDeps): RunInvocation {
  return async (invocation, circumstances) => {
    try {
      return checked(outputs, invocation, await runtimes[invocation.runtime](invocation, circumstances));
    } catch (error) {
      if (!(error instanceof Fault || error instanceof AttemptFailed)) {
        const { agentId, runtime } = invocation;
        log.error({ err: error, agent_id: agentId, runtime }, 'A runtime ended in an error');
      }
      return { failure: failureOf(error) };
    }
  };
}

function checked(outputs: OutputCheck, { outputSchema }: Invocation, answered: RuntimeAnswer): InvocationEnd {
  const { output } = answered.answer;
  if (Buffer.byteLength(JSON.stringify(output)) > outputBytesMax) {
    const message = `The output is too large: at most ${outputBytesMax} bytes of JSON are allowed`;
    return { failure: { code: 'output_too_large', message } };
  }
  const problems = outputs.problemsOf(output, outputSchema);
  if (problems.length === 0) return answered;
  const message = `The output is not valid: ${problems.join('; ')}`;
  return { failure: { code: 'output_invalid', message } };
}
