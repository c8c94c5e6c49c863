import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from '../dashboard/screenshots/find-chromium.ts';

const ADVICE = `The tests of the dashboard need a browser, and there is none. Install Chromium or Google Chrome, or set CHROMIUM
to the path of one:
  Debian, Ubuntu   apt-get install chromium
  Fedora           dnf install chromium
  macOS            brew install --cask chromium`;

/** A browser for the tests, installed where that can be done without asking. False, with a word on what to do, if there is none. */
export function haveChromium(): boolean {
  if (findChromium() !== null) return true;
  const named = process.env.CHROMIUM;
  if (named !== undefined && named !== '') {
    console.error(`CHROMIUM is ${named}, and there is no program of that name.`);
    return false;
  }
  const mayInstall =
    process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (mayInstall) {
    run('apt-get', 'update') && run('apt-get', 'install', '-y', '--no-install-recommends', 'chromium');
    if (findChromium() !== null) return true;
  }
  console.error(ADVICE);
  return false;
}

function run(command: string, ...args: readonly string[]): boolean {
  console.log(`$ ${command} ${args.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0;
}
