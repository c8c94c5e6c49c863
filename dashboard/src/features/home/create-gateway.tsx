import { Button } from '@cloudflare/kumo/components/button';
import { Dialog } from '@cloudflare/kumo/components/dialog';
import { Input } from '@cloudflare/kumo/components/input';
import { Switch } from '@cloudflare/kumo/components/switch';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { createGateway, gatewaysQuery } from '../../api/gateways.ts';
import { notify } from '../../components/toasts.ts';
import { homeWords as words } from '../../words/home.ts';
import { shellWords } from '../../words/shell.ts';

interface CreateGatewayProps {
  readonly onClose: () => void;
  readonly taken: readonly string[];
}

const ID = /^[A-Za-z0-9_-]{1,64}$/;

export function CreateGateway({ onClose, taken }: CreateGatewayProps) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog className="p-6" size="lg">
        <Dialog.Title className="text-base font-medium">{words.createTitle}</Dialog.Title>
        <Dialog.Description className="mt-1 text-sm text-kumo-subtle">{words.createText}</Dialog.Description>
        <Form onClose={onClose} taken={taken} />
      </Dialog>
    </Dialog.Root>
  );
}

function Form({ onClose, taken }: CreateGatewayProps) {
  const [id, setId] = useState(taken.length === 0 ? 'default' : '');
  const [needsToken, setNeedsToken] = useState(true);
  const [keepsLogs, setKeepsLogs] = useState(true);
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  const create = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!ID.test(id)) {
      setProblem(words.badId);
      return;
    }
    setBusy(true);
    try {
      await createGateway({ id, authentication: needsToken, collect_logs: keepsLogs });
      await client.invalidateQueries({ queryKey: gatewaysQuery.queryKey });
      notify({ title: words.created(id), variant: 'success' });
      onClose();
      await navigate({ to: '/g/$gateway/overview', params: { gateway: id } as never });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="mt-4 flex flex-col gap-4" onSubmit={(event) => void create(event)} noValidate>
      <Input
        label={words.id}
        description={words.idHint}
        value={id}
        autoComplete="off"
        spellCheck={false}
        {...(problem !== '' && { error: problem })}
        onChange={(event) => {
          setId(event.target.value);
          setProblem('');
        }}
      />
      <Choice
        label={words.authentication}
        hint={words.authenticationHint}
        isOn={needsToken}
        onChange={setNeedsToken}
      />
      <Choice
        label={words.collectLogs}
        hint={words.collectLogsHint}
        isOn={keepsLogs}
        onChange={setKeepsLogs}
      />
      <div className="mt-2 flex justify-end gap-2">
        <Button type="button" onClick={onClose}>
          {shellWords.cancel}
        </Button>
        <Button type="submit" variant="primary" loading={isBusy}>
          {words.create}
        </Button>
      </div>
    </form>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly hint: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function Choice({ label, hint, isOn, onChange }: ChoiceProps) {
  return (
    <div>
      <Switch label={label} checked={isOn} onCheckedChange={onChange} />
      <p className="mt-1 text-xs text-kumo-subtle">{hint}</p>
    </div>
  );
}
