import { auditWords as words } from '../words/audit.ts';

/** What the audit log calls things and what was done to them, in words; what it does not know as it stands. */
export const kindLabel = (type: string): string =>
  Object.hasOwn(words.kinds, type) ? words.kinds[type as keyof typeof words.kinds] : type;

export const actionLabel = (type: string): string =>
  Object.hasOwn(words.actions, type) ? words.actions[type as keyof typeof words.actions] : type;

/** `Changed provider key` */
export const changeText = (action: string, type: string): string =>
  `${actionLabel(action)} ${kindLabel(type).toLowerCase()}`;
