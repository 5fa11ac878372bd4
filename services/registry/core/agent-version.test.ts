// How versions of an agent follow each other.
import { describe, expect, it } from '@jest/globals';
import { firstVersion, nextVersion } from './agent-version.ts';

const content = {
  agentName: 'A',
  systemPrompt: 'P',
  tools: [],
  agentDependencies: [],
  outputSchema: { a: {} },
  description: '',
  enabled: true,
  settings: {},
};
const actor = { tenantId: 't', userId: 'u', role: 'editor' as const, traceId: undefined, startedMs: 0 };
const createdAt = new Date('2026-01-01T00:00:00Z');
const id = '0192d3b0-f7b0-7c8e-9d6b-4f5a3c2e1d00';
const first = firstVersion({ id, agentClass: 'query', content, createdAt }, actor);

describe('a version of an agent', () => {
  it('begins at 1 and goes up by one, with the class, creator and creation of the first', () => {
    expect(first).toMatchObject({
      agentId: 'agent-0192d3b0f7b07c8e9d6b4f5a3c2e1d00',
      version: 1,
      createdBy: 'u',
    });
    const now = new Date('2026-01-02T00:00:00Z');
    const next = nextVersion(first, { ...content, agentName: 'B' }, now);
    expect(next).toEqual({ ...first, agentName: 'B', version: 2, updatedAt: now });
  });

  it('is never older than the one before, whatever the clock says', () => {
    const next = nextVersion(first, content, new Date('2025-01-01T00:00:00Z'));
    expect(next.updatedAt).toEqual(createdAt);
  });
});
