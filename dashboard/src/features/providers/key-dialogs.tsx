import { Input } from '@cloudflare/kumo/components/input';
import { SensitiveInput } from '@cloudflare/kumo/components/sensitive-input';
import { useState } from 'react';
import { type ProviderKey, replaceProviderKey, storeProviderKey } from '../../api/provider-keys.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { notify } from '../../components/toasts.ts';
import { providersWords as words } from '../../words/providers.ts';
import { showKeyTest } from './test-key.tsx';

interface SecretFieldProps {
  readonly value: string;
  readonly onChange: (secret: string) => void;
}

function SecretField({ value, onChange }: SecretFieldProps) {
  return (
    <SensitiveInput
      label={words.secret}
      description={words.secretHint}
      value={value}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface AddKeyProps {
  readonly gateway: string;
  /** Slugs that are known, for completion. */
  readonly providers: readonly string[];
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onStored: () => Promise<void>;
}

export function AddKey({ gateway, providers, isOpen, onClose, onStored }: AddKeyProps) {
  const [provider, setProvider] = useState('');
  const [alias, setAlias] = useState('default');
  const [secret, setSecret] = useState('');
  const close = (): void => {
    setSecret('');
    onClose();
  };
  return (
    <FormDialog
      isOpen={isOpen}
      onClose={close}
      title={words.addKey}
      text={words.addKeyText(gateway)}
      action={words.addKey}
      isReady={provider.trim() !== '' && secret.trim() !== ''}
      onSubmit={async () => {
        const fields = { provider_slug: provider.trim(), alias: alias.trim(), secret };
        const key = await storeProviderKey(gateway, fields);
        await onStored();
        // A key that is wrong should show itself now, and not with the first request.
        void showKeyTest(key);
      }}
    >
      <Input
        label={words.provider}
        description={words.providerHint}
        list="known-providers"
        value={provider}
        autoComplete="off"
        onChange={(event) => setProvider(event.target.value)}
      />
      <datalist id="known-providers">
        {providers.map((slug) => (
          <option key={slug} value={slug} />
        ))}
      </datalist>
      <Input
        label={words.alias}
        description={words.aliasHint}
        value={alias}
        autoComplete="off"
        onChange={(event) => setAlias(event.target.value)}
      />
      <SecretField value={secret} onChange={setSecret} />
    </FormDialog>
  );
}

interface ReplaceKeyProps {
  /** Null while none is being replaced. */
  readonly storedKey: ProviderKey | null;
  readonly onClose: () => void;
  readonly onStored: () => Promise<void>;
}

export function ReplaceKey({ storedKey, onClose, onStored }: ReplaceKeyProps) {
  const [secret, setSecret] = useState('');
  const close = (): void => {
    setSecret('');
    onClose();
  };
  const name = storedKey === null ? '' : `${storedKey.provider_slug} ${storedKey.alias}`;
  return (
    <FormDialog
      isOpen={storedKey !== null}
      onClose={close}
      title={words.replaceLabel(name)}
      text={words.replaceText}
      action={words.replace}
      isReady={secret.trim() !== ''}
      onSubmit={async () => {
        if (storedKey === null) return;
        const key = await replaceProviderKey(storedKey, secret);
        notify({ title: words.replaced, variant: 'success' });
        await onStored();
        void showKeyTest(key);
      }}
    >
      <SecretField value={secret} onChange={setSecret} />
    </FormDialog>
  );
}
