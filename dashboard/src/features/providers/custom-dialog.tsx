import { Input, InputArea } from '@cloudflare/kumo/components/input';
import { Switch } from '@cloudflare/kumo/components/switch';
import { useState } from 'react';
import {
  type CustomProvider,
  type CustomProviderBody,
  changeCustomProvider,
  createCustomProvider,
} from '../../api/provider-keys.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { notify } from '../../components/toasts.ts';
import { providersWords as words } from '../../words/providers.ts';

interface CustomDialogProps {
  /** The one that is changed; null for a new one. */
  readonly provider: CustomProvider | null;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onSaved: () => Promise<void>;
}

const NEW: CustomProviderBody = {
  name: '',
  slug: '',
  base_url: '',
  description: null,
  enable: true,
  headers: null,
};

/** Its fields live as long as it is open: they begin with what the provider is. */
export function CustomDialog(props: CustomDialogProps) {
  return props.isOpen ? <OpenCustomDialog key={props.provider?.id ?? ''} {...props} /> : null;
}

function OpenCustomDialog({ provider, isOpen, onClose, onSaved }: CustomDialogProps) {
  const [fields, setFields] = useState<CustomProviderBody>(() => pick(provider ?? NEW));
  const set = (patch: Partial<CustomProviderBody>): void => setFields((before) => ({ ...before, ...patch }));
  const orNull = (text: string): string | null => (text.trim() === '' ? null : text);
  return (
    <FormDialog
      isOpen={isOpen}
      onClose={onClose}
      title={provider === null ? words.addCustom : words.changeTitle(provider.name)}
      action={provider === null ? words.addCustom : words.save}
      isReady={fields.name.trim() !== '' && fields.slug !== '' && fields.base_url !== ''}
      onSubmit={async () => {
        await (provider === null ? createCustomProvider(fields) : changeCustomProvider(provider.id, fields));
        notify({ title: words.saved, variant: 'success' });
        await onSaved();
      }}
    >
      <Input label={words.name} value={fields.name} onChange={(event) => set({ name: event.target.value })} />
      <Input
        label={words.slug}
        description={words.slugHint(fields.slug)}
        value={fields.slug}
        autoComplete="off"
        onChange={(event) => set({ slug: event.target.value.trim() })}
      />
      <Input
        label={words.baseUrl}
        placeholder="https://"
        value={fields.base_url}
        autoComplete="off"
        onChange={(event) => set({ base_url: event.target.value.trim() })}
      />
      <Input
        label={words.description}
        value={fields.description ?? ''}
        onChange={(event) => set({ description: orNull(event.target.value) })}
      />
      <InputArea
        label={words.headers}
        description={words.headersHint}
        className="figures"
        value={fields.headers ?? ''}
        onChange={(event) => set({ headers: orNull(event.target.value) })}
      />
      <Switch label={words.enabled} checked={fields.enable} onCheckedChange={(enable) => set({ enable })} />
    </FormDialog>
  );
}

function pick({
  name,
  slug,
  base_url,
  description,
  enable,
  headers,
}: CustomProviderBody): CustomProviderBody {
  return { name, slug, base_url, description, enable, headers };
}
