// The forms of public ids. A text of another form names nothing, so that it is answered like an unknown id and never reaches a store.

/** True for a text that may be an agent's public id: 1 to 100 letters, digits, `-` or `_`. */
export function isAgentId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,100}$/.test(text);
}

/** True for a text that may be a domain's id in its tenant: `[a-z][a-z0-9_]{0,49}`. */
export function isDomainId(text: string): boolean {
  return /^[a-z][a-z0-9_]{0,49}$/.test(text);
}
