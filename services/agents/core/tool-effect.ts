// What a run may do through tools (SPEC E2.5): it follows the playbook's class, whatever a prompt, an agent or a tool says.

/** What a tool does to data. */
export type ToolEffect = 'read' | 'create' | 'update';

const allowed: ReadonlyMap<string, readonly ToolEffect[]> = new Map([
  ['ingestion', ['read', 'create']],
  ['query', ['read']],
  ['management', ['read', 'update']],
  ['shadow_ingestion', ['read']],
  ['shadow_query', ['read']],
]);

/** True when a run of this class may call tools of this effect; a class that is not known may call none. */
export function mayCall(capability: string, effect: ToolEffect): boolean {
  return allowed.get(capability)?.includes(effect) ?? false;
}
