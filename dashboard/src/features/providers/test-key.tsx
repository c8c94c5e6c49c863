import { Button } from '@cloudflare/kumo/components/button';
import { useState } from 'react';
import type { ProviderKey } from '../../api/provider-keys.ts';
import { type KeyTest, testProviderKey } from '../../api/providers.ts';
import { notify, notifyFailure } from '../../components/toasts.ts';
import { visibleText } from '../../format/visible-text.ts';
import { providersWords as words } from '../../words/providers.ts';

const VARIANTS = {
  accepted: 'success',
  refused: 'error',
  unclear: 'warning',
  not_tested: 'warning',
} as const satisfies Record<KeyTest['outcome'], string>;

/** Shows what the provider says of a stored key. */
export async function showKeyTest(key: ProviderKey): Promise<void> {
  try {
    const { outcome, message } = await testProviderKey(key);
    notify({
      title: words.outcomes[outcome],
      ...(message !== '' && { description: visibleText(message) }),
      variant: VARIANTS[outcome],
    });
  } catch (error) {
    notifyFailure(words.testFailed, error);
  }
}

export function TestKey({ storedKey, name }: { readonly storedKey: ProviderKey; readonly name: string }) {
  const [isBusy, setBusy] = useState(false);
  const test = async (): Promise<void> => {
    setBusy(true);
    await showKeyTest(storedKey);
    setBusy(false);
  };
  return (
    <Button size="sm" loading={isBusy} aria-label={words.testLabel(name)} onClick={() => void test()}>
      {words.test}
    </Button>
  );
}
