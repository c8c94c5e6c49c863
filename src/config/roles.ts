import type { Permission } from '../core/stores/config.ts';

/** What a permission allows besides itself. `run` stands alone: a key in an application opens no configuration. */
const INCLUDES: Readonly<Record<Permission, readonly Permission[]>> = {
  run: ['run'],
  'metadata-read': ['metadata-read'],
  read: ['read', 'metadata-read'],
  edit: ['edit', 'read', 'metadata-read'],
  admin: ['admin', 'edit', 'read', 'metadata-read', 'run'],
};

/** Names for the sets of permissions that people give. An editor may run: the playground is of no use without. */
export const ROLES = {
  admin: ['admin'],
  editor: ['edit', 'run'],
  viewer: ['read'],
  'metadata-viewer': ['metadata-read'],
  run: ['run'],
} as const satisfies Readonly<Record<string, readonly Permission[]>>;

export type Role = keyof typeof ROLES;

export function allows(permissions: readonly Permission[], needed: Permission): boolean {
  return permissions.some((permission) => INCLUDES[permission].includes(needed));
}

/** The role that allows exactly what these permissions do; null when none does. */
export function roleOf(permissions: readonly Permission[]): Role | null {
  const all = Object.keys(INCLUDES) as Permission[];
  const reach = (given: readonly Permission[]): string => all.filter((each) => allows(given, each)).join();
  const wanted = reach(permissions);
  return (Object.keys(ROLES) as Role[]).find((role) => reach(ROLES[role]) === wanted) ?? null;
}
