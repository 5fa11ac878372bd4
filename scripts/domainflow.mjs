#!/usr/bin/env node
// The `domainflow` command. It runs on the project's own Node, whichever Node started it, after making sure that the dependencies are there.
import { fileURLToPath } from 'node:url';

process.argv.splice(2, 0, fileURLToPath(new URL('../clients/cli/main.ts', import.meta.url)));
await import('./with-install.mjs');
