// Agents of the core as messages.
import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  AgentClass as AgentClassMessage,
  type Agent as AgentMessage,
  AgentRuntime,
  AgentSchema,
  type AgentSettings as AgentSettingsMessage,
  AgentSettingsSchema,
  UncertainPolicy,
} from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { type Agent, type AgentClass, type AgentSettings, agentClasses } from '../core/agent.ts';

const classMessages: Record<AgentClass, AgentClassMessage> = {
  ingestion: AgentClassMessage.INGESTION,
  query: AgentClassMessage.QUERY,
  management: AgentClassMessage.MANAGEMENT,
};

const runtimeMessages: Record<NonNullable<AgentSettings['runtime']>, AgentRuntime> = {
  builtin: AgentRuntime.BUILTIN,
  model: AgentRuntime.MODEL,
  worker: AgentRuntime.WORKER,
};

const uncertainMessages: Record<NonNullable<AgentSettings['onUncertain']>, UncertainPolicy> = {
  retry: UncertainPolicy.RETRY,
  fail: UncertainPolicy.FAIL,
};

/** A class as it is sent. */
export function agentClassMessage(agentClass: AgentClass): AgentClassMessage {
  return classMessages[agentClass];
}

/** A class as it was received; undefined for the unspecified one and for values that this version does not know. */
export function agentClassOf(message: AgentClassMessage): AgentClass | undefined {
  return agentClasses.find((agentClass) => classMessages[agentClass] === message);
}

/** An agent as it is sent. */
export function agentMessage(agent: Agent): AgentMessage {
  return create(AgentSchema, {
    ...agent,
    agentClass: classMessages[agent.agentClass],
    tools: [...agent.tools],
    agentDependencies: [...agent.agentDependencies],
    settings: settingsMessage(agent.settings),
    createdAt: timestampFromDate(agent.createdAt),
    updatedAt: timestampFromDate(agent.updatedAt),
  });
}

function settingsMessage({ runtime, onUncertain, ...settings }: AgentSettings): AgentSettingsMessage {
  return create(AgentSettingsSchema, {
    ...settings,
    runtime: runtime && runtimeMessages[runtime],
    onUncertain: onUncertain && uncertainMessages[onUncertain],
    inputKeys: [...(settings.inputKeys ?? [])],
    requiredCapabilities: [...(settings.requiredCapabilities ?? [])],
  });
}
