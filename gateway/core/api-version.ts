// The two versions of the API that stand beside each other, by the base of their paths.

/** Base of API v1. */
export const apiBase = '/api/v1';

/** Base of API v2: workers, tasks and workflows. */
export const workApiBase = '/api/v2';

/** True for paths of API v2, with or without a route. */
export function isWorkPath(path: string): boolean {
  return path === workApiBase || path.startsWith(`${workApiBase}/`);
}
