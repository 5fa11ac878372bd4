// What `docker compose ps --format json` prints: an object on each line, or in versions before 2.21 one array of all.

/** A container of the project. */
export interface Container {
  readonly service: string;
  /** In words, such as `running (healthy)` or `exited (1)`. */
  readonly state: string;
  /** It runs, and is healthy where it says how it is. */
  readonly isActive: boolean;
  /** It has ended with a fault, or says that it is not healthy: waiting for it is no use. */
  readonly isBroken: boolean;
}

/** The containers; of several of one service each. */
export function readContainers(text: string): readonly Container[] {
  const trimmed = text.trim();
  const objects: readonly unknown[] = trimmed.startsWith('[')
    ? JSON.parse(trimmed)
    : trimmed
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => JSON.parse(line));
  return objects.map((object) => containerOf(Object(object)));
}

function containerOf(object: Readonly<Record<string, unknown>>): Container {
  const [state, health] = [String(object.State ?? ''), String(object.Health ?? '')];
  const exitCode = Number(object.ExitCode ?? 0);
  const isEnded = state === 'exited' || state === 'dead';
  const detail = isEnded ? ` (${exitCode})` : health === '' ? '' : ` (${health})`;
  return {
    service: String(object.Service ?? ''),
    state: `${state}${detail}`,
    isActive: state === 'running' && (health === '' || health === 'healthy'),
    isBroken: (isEnded && exitCode !== 0) || state === 'restarting' || health === 'unhealthy',
  };
}
