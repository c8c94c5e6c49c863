import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { systemClock } from '../core/clock.ts';
import type { BodyBackend } from '../core/stores/bodies.ts';
import type { LogBackend } from '../core/stores/log-writer.ts';
import type { Asked, Command, Report, WorkerSettings } from './messages.ts';
import { Signal } from './signal.ts';
import { WriterLoop } from './writer-loop.ts';

const port = parentPort!;
const settings = workerData as WorkerSettings;
const clock = systemClock();
const report = (message: Report): void => port.postMessage(message);

const logs = (await import(settings.logModule)) as LogBackend;
const bodyModule = (await import(settings.bodyModule)) as BodyBackend;

const bodies = bodyModule.openBodies({ folder: settings.bodyFolder });
let loop: WriterLoop | null = null;
const writer = logs.openLogWriter({
  folder: settings.logFolder,
  keepsRemovals: settings.textFolder !== null,
  now: clock.now,
  onDamage: (damage) => {
    // The bodies belong to the rows that are gone: kept with them, out of the way of what comes.
    const aside = bodies.setAside(clock.now());
    const message = aside === null ? damage : `${damage}; its bodies lie in ${aside}`;
    report({ kind: 'degraded', component: 'log-database', message });
    report({ kind: 'log', level: 'error', fields: {}, message });
    report({ kind: 'replaced' });
    loop?.restartDrain();
  },
});
writer.applyPolicies(settings.policies);
loop = new WriterLoop({
  writer,
  bodies,
  signal: new Signal(settings.signal),
  spoolFolder: settings.spoolFolder,
  firstOwnSegment: settings.firstOwnSegment,
  timing: settings.timing,
  now: clock.now,
  tick: clock.tick,
  receive: () => (receiveMessageOnPort(port)?.message as Asked<Command> | undefined) ?? null,
  report,
});
loop.run();
report({ kind: 'closed' });
port.close();
