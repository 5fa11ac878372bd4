// A process with the whole orchestrator that a test kills. Arguments: its settings as JSON, such as its environment would hold them. It
// writes its address and then serves until it is killed.
import { startOrchestrator } from '../app.ts';
import { readOrchestratorConfig } from '../config.ts';

const [settings = ''] = process.argv.slice(2);

const { address } = await startOrchestrator(readOrchestratorConfig(JSON.parse(settings)));
process.stdout.write(`${address}\n`);
