// What the description of the API says of new teams and API keys is what the registry takes: gateway and registry each write the limits down,
// since neither may import the other. Who is a user of the tenant is not judged here.
import { describe, expect, it } from '@jest/globals';
import { asFault } from '../../foundation/fault/fault.ts';
import type { JsonObject } from '../../foundation/json/json.ts';
import { apiKeyRequestExample, apiKeyRequestSchema } from '../../gateway/routes/api-key-schema.ts';
import { newTeamExample, newTeamSchema } from '../../gateway/routes/team-schema.ts';
import { readApiKey } from '../../services/registry/core/api-key-document.ts';
import { readNewTeam } from '../../services/registry/core/team.ts';
import { type EdgedSchema, edgesOf, withEdge } from './schema-edges.ts';

/** A kind of document that is sent. */
interface Sent {
  readonly name: string;
  readonly schema: object;
  readonly example: object;
  readonly read: (document: JsonObject) => unknown;
  /** Members whose limits are not all in the schema. */
  readonly apart: readonly string[];
}

const sent: readonly Sent[] = [
  {
    ...{ name: 'a team', schema: newTeamSchema, example: newTeamExample, apart: [] },
    read: (document) => readNewTeam(document, new Set([document.members ?? []].flat() as string[])),
  },
  {
    ...{ name: 'an API key', schema: apiKeyRequestSchema, example: apiKeyRequestExample },
    read: (document) => readApiKey(document, { nowMs: 0, creator: undefined }),
    // Only some texts name a permission or a path.
    apart: ['permissions', 'allowed_endpoints'],
  },
];

describe.each(sent)('$name', ({ schema, example, read, apart }) => {
  const isTaken = (document: object): boolean => {
    try {
      read(document as JsonObject);
      return true;
    } catch (error) {
      expect(asFault(error).reason).toBe('invalid_argument');
      return false;
    }
  };

  it('is taken by the registry as the example shows it', () => {
    expect(isTaken(example)).toBe(true);
  });

  it('is taken and refused by the registry as the schema says, at every limit', () => {
    const all = edgesOf(schema as EdgedSchema, example as JsonObject, { path: [], schemas: new Map() });
    const edges = all.filter(({ path: [member = ''] }) => member !== '' && !apart.includes(member));
    expect(edges.length).toBeGreaterThan(8);
    expect(edges.filter((edge) => edge.fits !== isTaken(withEdge(example, edge)))).toEqual([]);
  });
});
