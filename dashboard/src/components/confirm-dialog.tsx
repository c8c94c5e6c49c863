import { Button } from '@cloudflare/kumo/components/button';
import { Dialog } from '@cloudflare/kumo/components/dialog';
import { Input } from '@cloudflare/kumo/components/input';
import { useState } from 'react';
import { visibleText } from '../format/visible-text.ts';
import { shellWords } from '../words/shell.ts';
import type { OpenQuestion } from './question.ts';

export function ConfirmDialog({ question }: { readonly question: OpenQuestion }) {
  const [text, setText] = useState('');
  const isReady = question.typed === undefined || text === question.typed;
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && question.answer(false)}>
      <Dialog className="p-6" size="base">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (isReady) question.answer(true);
          }}
        >
          <Dialog.Title className="text-base font-medium">{visibleText(question.title)}</Dialog.Title>
          <Dialog.Description className="mt-2 text-sm text-kumo-subtle">
            {visibleText(question.text)}
          </Dialog.Description>
          {question.typed !== undefined && (
            <div className="mt-4">
              <Input
                label={shellWords.typeToConfirm(question.typed)}
                value={text}
                autoComplete="off"
                onChange={(event) => setText(event.target.value)}
              />
            </div>
          )}
          <div className="mt-6 flex justify-end gap-2">
            <Button type="button" onClick={() => question.answer(false)}>
              {shellWords.cancel}
            </Button>
            <Button
              type="submit"
              variant={question.isDangerous ? 'destructive' : 'primary'}
              disabled={!isReady}
            >
              {question.action}
            </Button>
          </div>
        </form>
      </Dialog>
    </Dialog.Root>
  );
}
