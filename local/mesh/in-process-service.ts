// One service of the mesh inside this process: the same start function, the same settings and the same sockets as in a process of its own.
import type { Environment } from '../../foundation/config/reader.ts';
import type { ServiceName } from './service-names.ts';
import type { StartedService } from './service-process.ts';

// Loaded when they are needed, so that a mesh of processes and the first words on the terminal do not wait for all of them.
const starters: Readonly<Record<ServiceName, () => Promise<(env: Environment) => Promise<StartedService>>>> =
  {
    registry: async () => {
      const [{ startRegistry }, { readRegistryConfig }] = await Promise.all([
        import('../../services/registry/app.ts'),
        import('../../services/registry/config.ts'),
      ]);
      return (env) => startRegistry(readRegistryConfig(env));
    },
    reports: async () => {
      const [{ startReports }, { readReportsConfig }] = await Promise.all([
        import('../../services/reports/app.ts'),
        import('../../services/reports/config.ts'),
      ]);
      return (env) => startReports(readReportsConfig(env));
    },
    sessions: async () => {
      const [{ startSessions }, { readSessionsConfig }] = await Promise.all([
        import('../../services/sessions/app.ts'),
        import('../../services/sessions/config.ts'),
      ]);
      return (env) => startSessions(readSessionsConfig(env));
    },
    agents: async () => {
      const [{ startAgents }, { readAgentsConfig }] = await Promise.all([
        import('../../services/agents/app.ts'),
        import('../../services/agents/config.ts'),
      ]);
      return (env) => startAgents(readAgentsConfig(env));
    },
    orchestrator: async () => {
      const [{ startOrchestrator }, { readOrchestratorConfig }] = await Promise.all([
        import('../../services/orchestrator/app.ts'),
        import('../../services/orchestrator/config.ts'),
      ]);
      return (env) => startOrchestrator(readOrchestratorConfig(env));
    },
    gateway: async () => {
      const [{ startGateway }, { readGatewayConfig }] = await Promise.all([
        import('../../gateway/app.ts'),
        import('../../gateway/config.ts'),
      ]);
      return (env) => startGateway(readGatewayConfig(env));
    },
  };

/** Loads the code of a service, so that starting it later is quick. Repeating it costs nothing. */
export async function loadService(name: ServiceName): Promise<void> {
  await starters[name]();
}

/** Starts the service with these settings alone and resolves when it serves. */
export async function startServiceHere(name: ServiceName, env: Environment): Promise<StartedService> {
  const start = await starters[name]();
  return start(env);
}
