import { Button } from '@cloudflare/kumo/components/button';
import { Dialog } from '@cloudflare/kumo/components/dialog';
import { type FormEvent, type ReactNode, useState } from 'react';
import { shellWords } from '../words/shell.ts';

interface FormDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly text?: ReactNode;
  /** A verb: what the button does. */
  readonly action: string;
  readonly isReady?: boolean;
  /** What it throws is shown in the dialog, which then stays open. */
  readonly onSubmit: () => Promise<void>;
  readonly children: ReactNode;
}

/** A few fields and a verb. Closes when what was asked for is done. */
export function FormDialog(props: FormDialogProps) {
  return (
    <Dialog.Root open={props.isOpen} onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      {props.isOpen && <OpenForm {...props} />}
    </Dialog.Root>
  );
}

function OpenForm({ title, text, action, isReady = true, onClose, onSubmit, children }: FormDialogProps) {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!isReady || isBusy) return;
    setBusy(true);
    setProblem('');
    try {
      await onSubmit();
      onClose();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <Dialog className="max-h-[90dvh] overflow-y-auto p-6" size="base">
      <form noValidate onSubmit={(event) => void submit(event)}>
        <Dialog.Title className="text-base font-medium">{title}</Dialog.Title>
        {text !== undefined && (
          <Dialog.Description className="mt-2 text-sm text-kumo-subtle">{text}</Dialog.Description>
        )}
        <div className="mt-4 flex flex-col gap-4">{children}</div>
        <p role="alert" className={`mt-4 text-sm text-kumo-danger ${problem === '' ? 'sr-only' : ''}`}>
          {problem}
        </p>
        <div className="mt-6 flex justify-end gap-2">
          <Button type="button" onClick={onClose}>
            {shellWords.cancel}
          </Button>
          <Button type="submit" variant="primary" loading={isBusy} disabled={!isReady}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
