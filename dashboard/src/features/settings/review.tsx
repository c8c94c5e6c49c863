import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { useState } from 'react';
import { FormDialog } from '../../components/form-dialog.tsx';
import { settingsWords as words } from '../../words/settings.ts';
import { type Change, formatValue, isDangerous } from './prepare.ts';

interface ReviewProps {
  readonly gateway: string;
  readonly changes: readonly Change[] | null;
  readonly count: number;
  readonly onDiscard: () => void;
  readonly onSave: (changes: readonly Change[]) => Promise<void>;
}

/** The bar at the foot that collects changes, and what they are before they hold. */
export function Review({ gateway, changes, count, onDiscard, onSave }: ReviewProps) {
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  if (count === 0) return null;
  const asksName = changes !== null && isDangerous(changes);
  return (
    <>
      <section
        aria-label={words.pending(count)}
        className="sticky bottom-4 mt-4 flex flex-wrap items-center justify-between gap-2 rounded-lg border border-kumo-hairline bg-kumo-elevated p-3 shadow-lg"
      >
        <p role="status" className="px-1 text-sm">
          {words.pending(count)}
        </p>
        <div className="flex gap-2">
          <Button onClick={onDiscard}>{words.discard}</Button>
          <Button
            variant="primary"
            disabled={changes === null || changes.length === 0}
            onClick={() => {
              setTyped('');
              setOpen(true);
            }}
          >
            {words.review(count)}
          </Button>
        </div>
      </section>
      <FormDialog
        isOpen={isOpen && changes !== null}
        onClose={() => setOpen(false)}
        title={words.reviewTitle}
        text={words.reviewText}
        action={words.save}
        isReady={!asksName || typed === gateway}
        onSubmit={() => onSave(changes ?? [])}
      >
        <ChangeTable changes={changes ?? []} />
        {asksName && (
          <Input
            label={words.typeName(gateway)}
            value={typed}
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </FormDialog>
    </>
  );
}

function ChangeTable({ changes }: { readonly changes: readonly Change[] }) {
  return (
    <table className="w-full text-left text-sm">
      <thead className="text-xs text-kumo-subtle">
        <tr>
          <th scope="col" className="py-1 pr-3 font-normal">
            {words.setting}
          </th>
          <th scope="col" className="py-1 pr-3 font-normal">
            {words.before}
          </th>
          <th scope="col" className="py-1 font-normal">
            {words.after}
          </th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ field, before, after }) => (
          <tr key={field.name} className="border-t border-kumo-hairline align-top">
            <th scope="row" className="py-2 pr-3 font-normal">
              {words.fields[field.name].label}
            </th>
            <td className="py-2 pr-3 break-words text-kumo-subtle line-through">
              {formatValue(field, before)}
            </td>
            <td className="py-2 break-words">{formatValue(field, after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
