// The suite where there is no checkout, such as in an image: against a deployment that `--url` names.
import { runCommand } from '../../local/terminal/run-command.ts';
import { acceptanceCommand } from './command.ts';

await runCommand(acceptanceCommand());
