// Under which identity a run makes its calls: its starter's, narrowed to what the run may do.
import type { ExecutionKind } from './execution-kind.ts';

const capabilities: Partial<Record<ExecutionKind, string>> = {
  ingest: 'ingestion',
  query: 'query',
  management: 'management',
  shadow_ingest: 'shadow_ingestion',
  shadow_query: 'shadow_query',
};

/**
 * What a run may do at the services that it calls (SPEC E2.5); empty for kinds that no playbook stands behind: they may do nothing there. Shadow
 * runs read what their playbook reads, and write nothing.
 */
export function capabilityOf(kind: ExecutionKind): string {
  return capabilities[kind] ?? '';
}
