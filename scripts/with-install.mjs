// Runs a TypeScript file on the project's own Node, after making sure that the dependencies are installed. Plain JavaScript for
// Node 20 without imports from npm, because it runs before there is anything. It writes nothing to standard output of its own.
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { constants, hostname } from 'node:os';
import { delimiter, dirname, join, relative, resolve, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const nodeMajorMin = 20;
const heartbeatMs = 2_000;
const heartbeatLostMs = 30_000;
const lockPollMs = 200;
const lockWaitMaxMs = 15 * 60_000;

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const lockDir = join(root, '.domainflow', 'install.lock');

function say(text) {
  process.stderr.write(`${text}\n`);
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The executable of the installed `node` package, or undefined when it is not there. */
function projectNode() {
  const home = join(root, 'node_modules', 'node');
  const bin = readJson(join(home, 'package.json'))?.bin;
  const entries = [typeof bin === 'string' ? bin : bin?.node, 'bin/node.exe', 'bin/node'];
  return entries
    .filter(Boolean)
    .map((entry) => join(home, entry))
    .find((path) => existsSync(path));
}

/**
 * Why the installation does not fit, or undefined when it does. npm keeps the list of what it installed in
 * `node_modules/.package-lock.json` and writes it last, so comparing it with package-lock.json sees half an installation too.
 */
function missingReason() {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages;
  if (!wanted) return 'package-lock.json cannot be read';
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (!installed) return 'the dependencies are not installed yet';
  for (const [path, { version, optional, devOptional }] of Object.entries(wanted)) {
    if (path === '' || optional || devOptional) continue;
    if (!installed[path] || installed[path].version !== version)
      return 'the installed dependencies are not those of package-lock.json';
  }
  const node = projectNode();
  if (!node) return "the project's own Node is not installed";
  const major = wanted['node_modules/node']?.version?.split('.')[0];
  const reported = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? '';
  return major && !reported.startsWith(`v${major}.`)
    ? "the project's own Node does not run on this machine"
    : undefined;
}

/** Who holds the installation, or undefined when that cannot be read. */
function lockOwner() {
  return readJson(join(lockDir, 'owner.json'));
}

/** True when the lock's owner has died: its process is gone from this machine, or it stopped touching the lock. */
function lockIsStale() {
  const owner = lockOwner();
  try {
    if (owner?.host === hostname()) process.kill(owner.pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') return true;
  }
  try {
    return Date.now() - statSync(lockDir).mtimeMs > heartbeatLostMs;
  } catch {
    return false;
  }
}

/** Takes the lock if it is free. A filled directory is moved into place, so that a lock never exists without its owner. */
function tryLock() {
  const mine = `${lockDir}.${process.pid}`;
  mkdirSync(mine, { recursive: true });
  writeFileSync(join(mine, 'owner.json'), JSON.stringify({ pid: process.pid, host: hostname() }));
  try {
    renameSync(mine, lockDir);
    return true;
  } catch {
    rmSync(mine, { recursive: true, force: true });
    return false;
  }
}

/** Removes the lock of this owner. A lock that another start has taken meanwhile was moved by mistake and is put back. */
function removeLockOf(pid) {
  const away = `${lockDir}.away.${process.pid}`;
  try {
    renameSync(lockDir, away);
    if (readJson(join(away, 'owner.json'))?.pid !== pid) renameSync(away, lockDir);
  } catch {
    // Another start moved it first.
  }
  rmSync(away, { recursive: true, force: true });
}

/** Shows the other starts that this one is alive. */
function touchLock() {
  try {
    if (lockOwner()?.pid === process.pid) utimesSync(lockDir, new Date(), new Date());
  } catch {
    // The lock was taken for stale, after this machine slept for example; the work goes on.
  }
}

async function withLock(work) {
  const deadlineMs = Date.now() + lockWaitMaxMs;
  let told = false;
  while (!tryLock()) {
    if (lockIsStale()) {
      removeLockOf(lockOwner()?.pid);
      continue;
    }
    if (!told)
      say(`Process ${lockOwner()?.pid ?? '(unknown)'} is installing the dependencies; waiting for it.`);
    told = true;
    if (Date.now() > deadlineMs)
      throw new Error(`The installation does not end. Delete ${lockDir} and start again.`);
    await sleep(lockPollMs);
  }
  const heartbeat = setInterval(touchLock, heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    removeLockOf(process.pid);
  }
}

/** A Node outside node_modules if there is one: npm deletes that folder first, and on some systems a running program cannot be deleted. */
function outsideNode() {
  const inside = (path) =>
    !relative(root, path).startsWith('..') && path.includes(`${sep}node_modules${sep}`);
  if (!inside(process.execPath)) return process.execPath;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const folders = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder && !inside(join(resolve(folder), name)));
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? process.execPath;
}

/** Starts npm: the one that started us when there is one, else the one on the PATH. */
function spawnNpm(args) {
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  const script = process.env.npm_execpath;
  if (script && /\.[cm]?js$/.test(script)) return spawn(outsideNode(), [script, ...args], options);
  return spawn('npm', args, { ...options, shell: process.platform === 'win32' });
}

/** Waits for a child and answers its exit code (a signal counts as 128 + its number), handing on the signals we are sent. */
function ended(child) {
  // In a terminal Ctrl-C and hang-up reach the whole process group, so the child already has them.
  const byTerminal = process.stdin.isTTY ? ['SIGINT', 'SIGHUP'] : [];
  const handlers = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => [
    signal,
    () => void (byTerminal.includes(signal) || child.kill(signal)),
  ]);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return new Promise((settle, fail) => {
    child.once('error', fail);
    child.once('exit', (code, signal) => {
      for (const [name, handler] of handlers) process.off(name, handler);
      settle({ code, signal });
    });
  });
}

async function install() {
  // Whoever held the lock before may have done the work.
  const reason = missingReason();
  if (!reason) return;
  say(`Installing the dependencies with npm ci, because ${reason}. This takes a minute or two.`);
  const { code, signal } = await ended(
    spawnNpm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']),
  );
  if (signal) throw new Error(`The installation was stopped by ${signal}.`);
  const left = code === 0 ? missingReason() : `npm ci ended with exit code ${code}`;
  if (left) throw new Error(`The installation failed: ${left}.`);
  say('The dependencies are installed.');
}

// A whole mesh in one process makes much garbage that lives shortly; a small young generation (megabytes) keeps its memory down.
const nodeFlags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];

// Node strips and compiles the same hundreds of files in each of the processes that one command starts; what one has compiled, the others and
// the next command read. It lies where the code that it is made of lies, in a folder for each version of Node and each user.
const compiledCode = join(root, 'node_modules', '.cache', 'node-compile');

async function main([file, ...args]) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < nodeMajorMin)
    throw new Error(`Node ${nodeMajorMin} or newer is needed; this is ${process.versions.node}.`);
  if (!file) throw new Error('Usage: node scripts/with-install.mjs <file.ts> [args…]');
  if (missingReason()) await withLock(install);
  const child = spawn(projectNode(), [...nodeFlags, file, ...args], {
    env: { NODE_COMPILE_CACHE: compiledCode, ...process.env },
    stdio: 'inherit',
  });
  const { code, signal } = await ended(child);
  if (!signal) process.exit(code);
  // Ending by the same signal tells our own parent the truth; the exit code is for systems without signals.
  process.kill(process.pid, signal);
  setTimeout(() => process.exit(128 + constants.signals[signal]), 1_000);
}

main(process.argv.slice(2)).catch((error) => {
  say(error.message);
  process.exit(1);
});
