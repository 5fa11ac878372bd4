// The services of the gRPC project that probes and tools call.

/** Full names of services that need neither token nor deadline, since they show nothing of any tenant, and that are not traced, since probes would drown what matters. */
export const openServices: ReadonlySet<string> = new Set([
  'grpc.health.v1.Health',
  'grpc.reflection.v1.ServerReflection',
]);
