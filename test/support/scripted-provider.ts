import {
  type ScriptedProvider,
  type ScriptedProviderOptions,
  startScriptedProvider,
} from '../../src/demo/provider/server.ts';

/** Runs a test against a scripted provider of its own, and fails it if the provider is left with an open stream. */
export async function withScriptedProvider<T>(
  use: (provider: ScriptedProvider) => Promise<T>,
  options: ScriptedProviderOptions = {},
): Promise<T> {
  const provider = await startScriptedProvider(options);
  try {
    const result = await use(provider);
    await eventually(() => provider.openStreams === 0, 'the provider still has open streams');
    return result;
  } finally {
    await provider.close();
  }
}

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
