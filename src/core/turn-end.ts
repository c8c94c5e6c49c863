const waiting: (() => void)[] = [];

/**
 * Runs `work` at the end of this turn of the event loop. What is written to sockets there, replies and requests, leaves
 * together: a reader that sleeps is woken once for all of it, and not once for each. On a busy gateway a wake-up costs
 * more than anything else that is done for a request.
 */
export function atTurnEnd(work: () => void): void {
  if (waiting.push(work) === 1) setImmediate(runAll);
}

function runAll(): void {
  const due = waiting.splice(0);
  let next = 0;
  try {
    while (next < due.length) due[next++]!();
  } finally {
    // One that throws is a fault, and is reported as one; it does not take the others' replies with it.
    for (const work of due.slice(next)) atTurnEnd(work);
  }
}
