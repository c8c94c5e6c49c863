import { Input } from '@cloudflare/kumo/components/input';
import { Select } from '@cloudflare/kumo/components/select';
import { useState } from 'react';
import { createToken } from '../../api/tokens.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { accessWords as words } from '../../words/access.ts';
import { type Expiry, expiryInstant, type Role } from './prepare.ts';

interface CreateTokenProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onCreated: (value: string) => void;
}

export function CreateToken({ isOpen, onClose, onCreated }: CreateTokenProps) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('run');
  const [expiry, setExpiry] = useState<Expiry>('never');
  const submit = async (): Promise<void> => {
    const trimmed = name.trim();
    const { value } = await createToken({
      ...(trimmed !== '' && { name: trimmed }),
      role,
      expires_at: expiryInstant(expiry, Date.now()),
    });
    setName('');
    onCreated(value);
  };
  return (
    <FormDialog
      isOpen={isOpen}
      onClose={onClose}
      title={words.create}
      text={words.createText}
      action={words.create}
      onSubmit={submit}
    >
      <Input
        label={words.name}
        description={words.nameHint}
        value={name}
        maxLength={100}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
      />
      <Select
        label={words.role}
        description={words.roleTexts[role]}
        items={words.roles}
        value={role}
        onValueChange={(value) => value !== null && setRole(value)}
      />
      <Select
        label={words.expires}
        items={words.expiry}
        value={expiry}
        onValueChange={(value) => value !== null && setExpiry(value)}
      />
    </FormDialog>
  );
}
