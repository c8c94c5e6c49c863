/** Waits until the condition holds, for what becomes true a moment after the reply. */
export async function eventually(
  condition: () => boolean,
  complaint: string,
  timeoutMs = 2000,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(complaint);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
