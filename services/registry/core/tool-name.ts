// The forms of names of tools. A text of another form names nothing, so that it is answered like an unknown name and never reaches a
// store.

/** True for a text that may be a tool's name in its tenant: `[a-z][a-z0-9_]{0,63}`. */
export function isToolName(text: string): boolean {
  return /^[a-z][a-z0-9_]{0,63}$/.test(text);
}

/** What an agent lists, is granted and calls: a tool, or one tool of an MCP server. */
export interface ToolReference {
  /** Name of the tool, or of the MCP server that it comes from. */
  readonly toolName: string;
  /** Name that the MCP server gives its tool, of 1 to 128 letters, digits, `_`, `-`, `.` or `/`; undefined for a tool of its own. */
  readonly remoteName: string | undefined;
}

/** The reference that a text is: `<tool_name>` or `<tool_name>.<name>`; undefined for a text of another form. */
export function toolReferenceOf(text: string): ToolReference | undefined {
  const [, toolName = '', remoteName] = /^([^.]+)(?:\.([\w./-]{1,128}))?$/.exec(text) ?? [];
  return isToolName(toolName) ? { toolName, remoteName } : undefined;
}
