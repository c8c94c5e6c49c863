import { writeSync } from 'node:fs';
import { atTurnEnd } from '../../src/core/turn-end.ts';
import { aRecord, bodiesOf, openTestLogs } from './logs-fixtures.ts';

/** Appends records until it is killed; says the id of each on its output once append() has returned. */
const logs = openTestLogs(process.argv[2]!, {
  segmentBytes: 200_000,
  timing: { gatherMs: 5, sweepMs: 10, shrinkMs: 0, unpackedBytes: 0 },
});
const large = Buffer.alloc(100_000, 'large ');

/** The pipe may be full for a moment: that must not be what ends this process. */
function say(text: string): void {
  for (;;) {
    try {
      writeSync(1, text);
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    }
  }
}

function some(): void {
  for (let count = Math.random() * 20; count > 0; count--) {
    const record = aRecord();
    const body = Math.random() < 0.02 ? large : `body of ${record.id}`;
    logs.sink.append(record, bodiesOf(body, `answer of ${record.id}`));
    // As a reply does: what was left to the turn's end after the record comes when it is kept.
    atTurnEnd(() => say(`${record.id}\n`));
  }
  setTimeout(some, Math.random() * 4);
}
some();
