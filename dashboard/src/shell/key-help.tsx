import { Dialog } from '@cloudflare/kumo/components/dialog';
import { type KeyBinding, useKeyList } from '../browser/keys.ts';
import { Keys } from '../components/keys.tsx';
import { shellWords as words } from '../words/shell.ts';
import { setKeyHelp } from './key-help-state.ts';

/** All keys that work where one is: those of the page first. */
export function KeyHelp() {
  const list = useKeyList();
  const groups = [
    [words.keysOfPage, list.filter(({ group }) => group === 'page')],
    [words.keysEverywhere, list.filter(({ group }) => group !== 'page')],
  ] as const;
  return (
    <Dialog.Root open onOpenChange={setKeyHelp}>
      <Dialog className="max-h-[80vh] overflow-y-auto p-6" size="lg">
        <Dialog.Title className="text-base font-medium">{words.keys}</Dialog.Title>
        {groups.map(
          ([label, bindings]) =>
            bindings.length > 0 && (
              <section key={label} className="mt-4">
                <h3 className="mb-1 text-xs text-kumo-subtle">{label}</h3>
                <dl>
                  {bindings.map((binding) => (
                    <Row key={binding.keys} binding={binding} />
                  ))}
                </dl>
              </section>
            ),
        )}
      </Dialog>
    </Dialog.Root>
  );
}

function Row({ binding }: { readonly binding: KeyBinding }) {
  return (
    <div className="flex items-center justify-between border-b border-kumo-hairline py-1.5 text-sm last:border-0">
      <dt>{binding.label}</dt>
      <dd>
        <Keys keys={binding.keys} />
      </dd>
    </div>
  );
}
