// Agents of the runtime `model`: on the model that they or the deployment have chosen, by rules where the deployment chose those, or not at
// all, with a sentence on what to configure. How a model is asked is known elsewhere.
import { AttemptFailed } from '../../core/invocation-failure.ts';
import { chooseModel } from '../../core/model/model-choice.ts';
import type { ModelSettings } from '../../core/model/model-settings.ts';
import type { RunAgent, RuntimeAnswer } from '../run-agent.ts';
import type { CallsOf } from './calls-of.ts';

/** Runs an agent on a model. */
export type RunOnModel = (of: CallsOf) => Promise<RuntimeAnswer>;

/** The ways in which model agents are run. */
export interface ModelAgentsDeps {
  readonly settings: ModelSettings;
  readonly onModel: RunOnModel;
  readonly offline: RunAgent;
}

/** Runs model agents; AttemptFailed `model_unavailable` where nothing is configured for one. */
export function createModelAgents({ settings, onModel, offline }: ModelAgentsDeps): RunAgent {
  return (invocation, circumstances) => {
    const choice = chooseModel(invocation.model, settings);
    if (choice.kind === 'offline') return offline(invocation, circumstances);
    if (choice.kind === 'model') return onModel({ invocation, circumstances, ...choice });
    const message = `The agent ${invocation.agentName} cannot run: ${choice.message}`;
    return Promise.reject(new AttemptFailed({ code: 'model_unavailable', message }));
  };
}
