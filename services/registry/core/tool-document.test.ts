// What a deployment's own networks change about tools. The other rules are tested through the service.
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { createSchemaCompiler } from '../../../foundation/json/schema-compiler.ts';
import { type Network, networkOf } from '../../../foundation/net/address.ts';
import { readNewTool } from './tool-document.ts';

const network = networkOf('10.0.0.0/8');
const office: readonly Network[] = network ? [network] : [];

function problemsOf(changes: JsonObject, networks = office): readonly string[] {
  const tool = {
    tool_name: 'weather',
    tool_type: 'custom',
    endpoint: 'https://a.example.org',
    auth_method: 'none',
    ...changes,
  };
  const { problems } = readNewTool(tool, { networks, schemas: createSchemaCompiler() });
  return problems.map(({ field }) => field);
}

describe('a tool inside a network that the platform allows', () => {
  it.each(['http://10.1.2.3:9000/call', 'https://10.1.2.3', 'http://weather.office:9000'])(
    'may stand at %s, and nowhere else so',
    (endpoint) => {
      expect(problemsOf({ endpoint })).toEqual([]);
      expect(problemsOf({ endpoint }, [])).toEqual(['endpoint']);
    },
  );

  it('may get its tokens there', () => {
    const credentials = { token_url: 'http://10.1.2.3/token', client_id: 'me', client_secret: 'secret' };
    const oauth = { auth_method: 'oauth', credentials };
    expect(problemsOf(oauth)).toEqual([]);
    expect(problemsOf(oauth, [])).toEqual(['credentials.token_url']);
  });

  it('may not stand in another network', () => {
    expect(problemsOf({ endpoint: 'https://192.168.0.1' })).toEqual(['endpoint']);
  });
});

describe('a type or a method that cannot be read', () => {
  it.each([{ tool_type: 'webhook' }, { tool_type: 7 }, { tool_type: null }])(
    'hides no fault of an endpoint that no type allows: %j',
    (changes) => {
      expect(problemsOf({ ...changes, endpoint: 'weather' })).toEqual(['tool_type', 'endpoint']);
      expect(problemsOf({ ...changes, endpoint: 'https://127.0.0.1' })).toEqual(['tool_type', 'endpoint']);
    },
  );

  it('says nothing against an endpoint that some type allows', () => {
    const endpoint = 'arn:aws:lambda:eu-west-1:123456789012:function:weather';
    expect(problemsOf({ tool_type: 'webhook', endpoint })).toEqual(['tool_type']);
  });

  it('hides no fault in the form of credentials, and judges nothing inside them', () => {
    const unread = { auth_method: 'basic' };
    expect(problemsOf({ ...unread, credentials: 'x' })).toEqual(['auth_method', 'credentials']);
    expect(problemsOf({ ...unread, credentials: { key: 7 } })).toEqual(['auth_method']);
  });
});
