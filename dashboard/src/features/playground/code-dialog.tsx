import { Button } from '@cloudflare/kumo/components/button';
import { Dialog } from '@cloudflare/kumo/components/dialog';
import { Select } from '@cloudflare/kumo/components/select';
import { Tabs } from '@cloudflare/kumo/components/tabs';
import { useState } from 'react';
import { currentAccount } from '../../api/client.ts';
import { stored } from '../../browser/stored.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { baseAddress } from '../../connect/endpoint.ts';
import { visibleText } from '../../format/visible-text.ts';
import { playgroundWords as words } from '../../words/playground.ts';
import { shellWords } from '../../words/shell.ts';
import type { Call } from './call.ts';
import { code, isLong, LANGUAGES, type Language } from './code.ts';

const language = stored<Language>('playground-language', 'curl');

interface CodeDialogProps {
  readonly gateway: string;
  /** One for each model that can be asked. */
  readonly calls: readonly { readonly name: string; readonly call: Call }[];
  readonly onClose: () => void;
}

export function CodeDialog({ gateway, calls, onClose }: CodeDialogProps) {
  const chosen = language.use();
  const [at, setAt] = useState(0);
  const call = (calls[at] ?? calls[0])?.call;
  if (call === undefined) return null;
  const base = baseAddress({ origin: location.origin, account: currentAccount(), gateway, needsToken: true });
  const text = code(chosen, { baseAddress: base, call });
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog
        className="flex max-h-[90dvh] w-[min(56rem,calc(100vw-2rem))] max-w-none flex-col overflow-y-auto p-6"
        size="xl"
      >
        <Dialog.Title className="text-base font-medium">{words.codeTitle}</Dialog.Title>
        <Dialog.Description className="mt-1 text-sm text-kumo-subtle">
          {words.codeText} {isLong(call) && words.codeFile}
        </Dialog.Description>
        <div className="mt-4 flex flex-wrap items-center gap-3">
          <Tabs
            size="sm"
            variant="segmented"
            tabs={LANGUAGES.map((value) => ({ value, label: words.codeLanguages[value] }))}
            value={chosen}
            onValueChange={(value) => language.set(value as Language)}
          />
          {calls.length > 1 && (
            <Select
              size="sm"
              aria-label={words.codeFor}
              value={String(at)}
              onValueChange={(value) => setAt(Number(value))}
              items={Object.fromEntries(calls.map(({ name }, index) => [String(index), visibleText(name)]))}
            />
          )}
          <span className="flex-1" />
          <CopyButton text={text} label={words.copyCode} />
        </div>
        <pre
          className="mt-3 min-h-40 overflow-auto rounded-md border border-kumo-hairline bg-kumo-tint/50 p-3 text-xs leading-5"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
          tabIndex={0}
        >
          {text}
        </pre>
        <div className="mt-6 flex justify-end">
          <Button onClick={onClose}>{shellWords.close}</Button>
        </div>
      </Dialog>
    </Dialog.Root>
  );
}
