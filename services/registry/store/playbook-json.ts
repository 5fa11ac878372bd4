// Playbooks as they are stored: `{agent_execution_graph: {nodes, edges}, settings}`, an agent being its bare id among the nodes.
import type {
  ApprovalNode,
  Playbook,
  PlaybookEdge,
  PlaybookNode,
  PlaybookSettings,
} from '../core/playbook.ts';
import { fromStored } from './json-keys.ts';

/** An approval as it is stored. */
export interface StoredApproval {
  readonly id: string;
  readonly kind: 'approval';
  readonly prompt: string;
  /** Absent for editor and admin. */
  readonly roles?: readonly string[];
  readonly timeout_s?: number;
  /** Absent for reject. */
  readonly on_timeout?: 'reject' | 'approve';
}

/** A playbook as it is stored. */
export interface StoredPlaybook {
  readonly agent_execution_graph: {
    readonly nodes: readonly (string | StoredApproval)[];
    readonly edges: readonly PlaybookEdge[];
  };
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** The playbook in a stored document, which was checked before it was stored. */
export function playbookOf({ agent_execution_graph: graph, settings }: StoredPlaybook): Playbook {
  return {
    nodes: graph.nodes.map(nodeOf),
    edges: graph.edges.map(({ from, to }) => ({ from, to })),
    settings: fromStored<PlaybookSettings>(settings ?? {}),
  };
}

function nodeOf(stored: string | StoredApproval): PlaybookNode {
  if (typeof stored === 'string') return { kind: 'agent', id: stored };
  const approval = fromStored<Partial<ApprovalNode> & Pick<ApprovalNode, 'id' | 'kind' | 'prompt'>>({
    ...stored,
  });
  return { ...approval, roles: approval.roles ?? [], onTimeout: approval.onTimeout ?? 'reject' };
}
