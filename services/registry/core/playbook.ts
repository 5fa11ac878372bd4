// A playbook: a graph of agents and approvals with settings of its runs. Its rules are checked before it is saved, not here.
import type { CategoryModelName } from './category-model-names.ts';

/** A decision of a person. */
export interface ApprovalNode {
  readonly kind: 'approval';
  /** `approval-<name>`. */
  readonly id: string;
  readonly prompt: string;
  /** Roles that may decide; empty for editor and admin. */
  readonly roles: readonly string[];
  /** Seconds until `onTimeout`; absent for 86,400. */
  readonly timeoutS?: number;
  readonly onTimeout: 'reject' | 'approve';
}

/** An agent by its agent_id. */
export interface AgentNode {
  readonly kind: 'agent';
  readonly id: string;
}

/** A step of a playbook. */
export type PlaybookNode = AgentNode | ApprovalNode;

/** `to` needs the output of `from`; both are node ids. */
export interface PlaybookEdge {
  readonly from: string;
  readonly to: string;
}

/** Settings of runs; an absent field means the platform's default. */
export interface PlaybookSettings {
  readonly failurePolicy?: 'fail_fast' | 'continue';
  readonly maxRetries?: number;
  readonly attemptTimeoutS?: number;
  readonly totalTimeoutS?: number;
  readonly executionTimeoutS?: number;
  readonly apply?: 'auto' | 'review';
  /** Ingestion only: the model by which agents name the category of a report. */
  readonly categoryModel?: CategoryModelName;
}

/** A graph with its settings. */
export interface Playbook {
  /** Their order breaks ties of the plan order. */
  readonly nodes: readonly PlaybookNode[];
  readonly edges: readonly PlaybookEdge[];
  readonly settings: PlaybookSettings;
}
