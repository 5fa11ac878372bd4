// `health-probe`: whether the process of a container can serve, as an exit code, for engines whose health checks are commands.
import { runCommand, UsageError } from '../../local/terminal/run-command.ts';
import { askHealth } from './ask-health.ts';
import { type HealthTarget, ownTarget, targetOf } from './health-target.ts';

const limitMs = 3_000;

const usage = `Usage: health-probe [host:port | http://host:port]

Asks a service by grpc.health.v1 (host:port), or the gateway by GET /health/ready (http://host:port). Without an address it asks the process
whose HOST and PORT are its own, whichever of both it is. Prints what was said and ends with 0 when it can serve, with 1 when it cannot or
does not say so within ${limitMs / 1_000} s.`;

function readTarget(args: readonly string[]): HealthTarget {
  const [address, ...more] = args;
  if (more.length > 0) throw new UsageError('At most one address can be given');
  return address === undefined ? ownTarget(process.env) : targetOf(address);
}

async function probe(args: readonly string[], signal: AbortSignal): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const target = readTarget(args);
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
    const { serving, said } = await askHealth(target, limit);
    process.stdout.write(`${target.address}: ${said}\n`);
    return serving ? 0 : 1;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${target.address} does not answer: ${why}\n`);
    return 1;
  }
}

await runCommand({
  name: 'The health probe',
  usage,
  run: (signal) => probe(process.argv.slice(2), signal),
});
