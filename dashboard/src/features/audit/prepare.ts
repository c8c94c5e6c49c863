import type { AuditEntry } from '../../api/audit.ts';
import { auditWords as words } from '../../words/audit.ts';

export interface FieldChange {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// Differs with every change, and says nothing beside the time of the entry.
const UNTOLD = new Set(['modified_at']);

/** What differs between before and after, field by field; of something new or gone, all that is not empty. */
export function changedFields({ before, after }: Pick<AuditEntry, 'before' | 'after'>): FieldChange[] {
  if (!isFields(before) && !isFields(after)) {
    if (before === null && after === null) return [];
    return [{ name: '', before: valueText(before), after: valueText(after) }];
  }
  const [old, now] = [isFields(before) ? before : {}, isFields(after) ? after : {}];
  const names = new Set([...Object.keys(old), ...Object.keys(now)]);
  return [...names].flatMap((name) => {
    const change = { name, before: valueText(old[name]), after: valueText(now[name]) };
    return UNTOLD.has(name) || change.before === change.after ? [] : [change];
  });
}

function valueText(value: unknown): string {
  if (value === undefined || value === null || value === '') return words.nothing;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What the entry is about, by the name that people gave it. */
export function thingName({ resource, before, after }: AuditEntry): string {
  const shown = isFields(after) ? after : isFields(before) ? before : {};
  const name = shown.name ?? shown.alias ?? resource.id;
  return [resource.gateway !== resource.id ? resource.gateway : null, name]
    .filter((part) => typeof part === 'string' && part !== '')
    .join(' / ');
}

export function actorName({ actor }: AuditEntry): string {
  return actor.token_name ?? (actor.context === 'dash' ? words.nobody : words.contexts[actor.context]);
}

/** Settings to put back over what the gateway has now; null where there is nothing to undo. */
export function undoOf({ action, resource, before, after }: AuditEntry): Fields | null {
  if (resource.type !== 'ai_gateway.gateway' || action.type !== 'update' || action.result !== 'success')
    return null;
  if (!isFields(before) || !isFields(after)) return null;
  const changed = changedFields({ before, after }).map(({ name }) => name);
  return changed.length === 0
    ? null
    : Object.fromEntries(changed.map((name) => [name, before[name] ?? null]));
}
