import { queryOptions } from '@tanstack/react-query';
import type { SessionObject } from '../../../src/api/contract/session.ts';
import { adoptSession, getOne, send } from './client.ts';

export type Session = SessionObject;
export type Permission = SessionObject['token']['permissions'][number];

/** Asked once per visit: a session that ends shows itself as a 401 of whatever is asked next. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    const session = await getOne<Session>('/session', undefined, signal);
    adoptSession(session);
    return session;
  },
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
  retry: false,
});

export const signIn = (token: string): Promise<unknown> => send('POST', '/session', { token });
export const signOut = (): Promise<unknown> => send('DELETE', '/session');

const IMPLIED_BY: Readonly<Record<Permission, readonly Permission[]>> = {
  run: ['run', 'admin'],
  'metadata-read': ['metadata-read', 'read', 'edit', 'admin'],
  read: ['read', 'edit', 'admin'],
  edit: ['edit', 'admin'],
  admin: ['admin'],
};

/** Whether to show it; the gateway decides by itself what it allows. */
export function may(session: Session, permission: Permission): boolean {
  return IMPLIED_BY[permission].some((one) => session.token.permissions.includes(one));
}
