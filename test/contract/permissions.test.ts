// The permissions that keys can be given are those that routes ask for. Gateway and registry each have a list of their own, since
// neither may import the other.
import { describe, expect, it } from '@jest/globals';
import { actions, resources, workPermissions } from '../../gateway/core/permission.ts';
import {
  permissionActions,
  permissionResources,
  workerPermissions,
} from '../../services/registry/core/api-key-permissions.ts';

describe('permissions', () => {
  it('are the same to the gateway and to the registry', () => {
    expect(permissionResources).toEqual(resources);
    expect(permissionActions).toEqual(actions);
    expect(workerPermissions).toEqual(workPermissions);
  });
});
