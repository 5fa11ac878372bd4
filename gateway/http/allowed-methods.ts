// Answers wrong methods on known paths with 405 and the methods that are allowed there.
import type { FastifyInstance } from 'fastify';
import { HttpProblem } from './http-problem.ts';

/** Collects the routes that are registered from now on. */
export interface RouteTable {
  /** Answers 405 for every other method on their paths. Called once, after the last route. */
  refuseOtherMethods(): void;
}

/** An empty table that listens to the registration of routes. */
export function collectRoutes(app: FastifyInstance): RouteTable {
  const methodsOfPath = new Map<string, Set<string>>();
  let collecting = true;
  app.addHook('onRoute', ({ url, method }) => {
    if (!collecting) return;
    const methods = methodsOfPath.get(url) ?? new Set();
    for (const each of [method].flat()) methods.add(each);
    methodsOfPath.set(url, methods);
  });
  return {
    refuseOtherMethods() {
      collecting = false;
      for (const [url, allowed] of methodsOfPath) refuseOthers(app, url, allowed);
    },
  };
}

function refuseOthers(app: FastifyInstance, url: string, allowed: ReadonlySet<string>): void {
  const others = app.supportedMethods.filter((method) => !allowed.has(method));
  if (others.length === 0) return;
  const allow = [...allowed].sort().join(', ');
  // Refused before the body is looked at, so that its type and form do not matter.
  const refuse = async (): Promise<never> => {
    throw new HttpProblem(405, `This path allows ${allow}`, { headers: { allow } });
  };
  app.route({ method: others, url, onRequest: refuse, handler: refuse, exposeHeadRoute: false });
}
