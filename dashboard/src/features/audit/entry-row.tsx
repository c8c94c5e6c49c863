import { Badge } from '@cloudflare/kumo/components/badge';
import { Button } from '@cloudflare/kumo/components/button';
import { CaretDownIcon, CaretRightIcon } from '@phosphor-icons/react';
import { useState } from 'react';
import type { AuditEntry } from '../../api/audit.ts';
import { changeText } from '../../components/audit-text.ts';
import { Moment } from '../../components/moment.tsx';
import { formatCount } from '../../format/numbers.ts';
import { visibleText } from '../../format/visible-text.ts';
import { auditWords as words } from '../../words/audit.ts';
import { actorName, changedFields, type FieldChange, thingName, undoOf } from './prepare.ts';

interface EntryRowProps {
  readonly entry: AuditEntry;
  readonly onUndo: (entry: AuditEntry) => void;
}

/** One change in a sentence; opened, what was before and after. */
export function EntryRow({ entry, onUndo }: EntryRowProps) {
  const [isOpen, setOpen] = useState(false);
  const changes = changedFields(entry);
  const what = changeText(entry.action.type, entry.resource.type);
  const Caret = isOpen ? CaretDownIcon : CaretRightIcon;
  return (
    <li className="border-t border-kumo-hairline">
      <button
        type="button"
        aria-expanded={isOpen}
        className="grid min-h-11 w-full grid-cols-[auto_1fr_auto] items-center gap-x-3 px-4 py-2 text-left text-sm hover:bg-kumo-tint"
        onClick={() => setOpen(!isOpen)}
      >
        <Caret size={14} aria-hidden="true" className="text-kumo-subtle" />
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{what}</span>
          <bdi className="figures break-all">{visibleText(thingName(entry))}</bdi>
          {entry.action.result === 'failure' && <Badge variant="error">{words.failed}</Badge>}
          <span className="text-kumo-subtle">
            <bdi>{visibleText(actorName(entry))}</bdi>
            {entry.actor.ip_address !== null && `, ${entry.actor.ip_address}`}
            {entry.actor.token_name !== null && `, ${words.contexts[entry.actor.context]}`}
          </span>
        </span>
        <span className="text-right whitespace-nowrap text-kumo-subtle">
          <Moment at={entry.action.time} />
        </span>
      </button>
      {isOpen && (
        <div className="px-4 pb-4 sm:pl-11">
          {changes.length > 0 && <Changes changes={changes} />}
          <p className="mt-2 text-xs break-all text-kumo-subtle">
            {entry.raw && `${entry.raw.method} ${visibleText(entry.raw.uri)} · `}
            {words.chain(formatCount(entry.sequence), entry.hash)}
          </p>
          {undoOf(entry) !== null && (
            <Button size="sm" className="mt-2" onClick={() => onUndo(entry)}>
              {words.undo}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

function Changes({ changes }: { readonly changes: readonly FieldChange[] }) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-left text-sm">
        <thead className="text-xs text-kumo-subtle">
          <tr>
            {[words.field, words.before, words.after].map((title) => (
              <th key={title} scope="col" className="py-1 pr-4 font-normal">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {changes.map(({ name, before, after }) => (
            <tr key={name} className="border-t border-kumo-hairline align-top">
              <th scope="row" className="figures py-1 pr-4 font-normal">
                {visibleText(name)}
              </th>
              <td className="figures max-w-80 py-1 pr-4 break-all text-kumo-subtle">
                <bdi>{visibleText(before)}</bdi>
              </td>
              <td className="figures max-w-80 py-1 break-all">
                <bdi>{visibleText(after)}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
