#!/usr/bin/env node
// `npm run acceptance`: proves against a running deployment, or a local mesh that it starts itself, what the specification's acceptance tests say.
import { runCommand } from '../local/terminal/run-command.ts';
import { acceptanceCommand } from './acceptance/command.ts';
import { startRunMesh } from './acceptance/local-mesh.ts';

await runCommand(acceptanceCommand(startRunMesh));
