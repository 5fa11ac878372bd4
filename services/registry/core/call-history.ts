// What the newest tasks of agents have used, as it is asked for. Every problem is reported at once.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { refuseProblems } from '../../../foundation/json/document.ts';
import { isAgentId } from './definition-id.ts';

/** The most agents of a question. */
export const historyAgentsMax = 1_000;
/** The most tasks for each of them. */
export const historyTasksMax = 200;
/** Tasks for each of them where the question names none. */
export const historyTasksDefault = 100;

/** A version of an agent. */
export interface AgentVersionKey {
  readonly agentId: string;
  /** From 1. */
  readonly version: number;
}

/** A question. */
export interface HistoryAsked {
  readonly agents: readonly AgentVersionKey[];
  readonly tasksMax: number;
}

/** What all calls of one task have used together. */
export interface TaskUse {
  readonly calls: number;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  /** In 1e-9 of the currency unit; undefined, with the currency, for calls without a price. */
  readonly money?: bigint;
  /** ISO 4217. */
  readonly currency?: string;
}

/** What the newest tasks of an agent have used. */
export interface AgentCallHistory {
  /** Version that the tasks are of; 0 for none. */
  readonly version: number;
  /** Newest first. */
  readonly tasks: readonly TaskUse[];
  /** When the oldest of them began; undefined for none. */
  readonly from?: Date;
  /** When the newest of them began; undefined for none. */
  readonly to?: Date;
  /** `provider/model`, by name; at most 20. */
  readonly models: readonly string[];
}

/** The question when it keeps all rules; else Fault `invalid_argument` with every problem. 0 tasks are as many as nobody names. */
export function readHistoryAsked({ agents, tasksMax }: HistoryAsked): HistoryAsked {
  const problems: Violation[] = [];
  if (agents.length < 1 || agents.length > historyAgentsMax) {
    problems.push({ field: 'agents', reason: `must have between 1 and ${historyAgentsMax} agents` });
  }
  for (const [at, { agentId, version }] of agents.slice(0, historyAgentsMax).entries()) {
    if (!isAgentId(agentId))
      problems.push({ field: `agents[${at}].agent_id`, reason: 'must be the id of an agent' });
    if (version < 1) problems.push({ field: `agents[${at}].version`, reason: 'must be at least 1' });
  }
  if (tasksMax < 0 || tasksMax > historyTasksMax) {
    problems.push({ field: 'tasks_max', reason: `must lie between 1 and ${historyTasksMax}` });
  }
  refuseProblems(problems);
  return { agents, tasksMax: tasksMax || historyTasksDefault };
}
