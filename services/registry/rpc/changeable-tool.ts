// The tool that a write is about, when the actor may change it.
import { notFound } from '../../../foundation/fault/fault.ts';
import type { Actor } from '../core/actor.ts';
import type { Tool } from '../core/tool.ts';
import { isToolName } from '../core/tool-name.ts';
import type { ToolChange } from '../store/store.ts';
import { requireMayChange } from './actor.ts';

/** Fault `not_found` for a tool that is absent, `permission_denied` for one that the actor may not change. */
export async function changeableTool(change: ToolChange, actor: Actor, toolName: string): Promise<Tool> {
  const tool = isToolName(toolName) ? await change.tool(toolName) : undefined;
  if (!tool) throw notFound('tool');
  requireMayChange(actor, { createdBy: tool.createdBy, isInbuilt: tool.isBuiltin }, 'tool');
  return tool;
}
