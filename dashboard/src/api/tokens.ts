import { queryOptions } from '@tanstack/react-query';
import type { CreatedToken, TokenObject } from '../../../src/api/contract.ts';
import { accountPath, getPage, type Page, send } from './client.ts';

export type Token = TokenObject;

const PER_PAGE = 50;

export const tokensQuery = (page: number) =>
  queryOptions({
    queryKey: ['tokens', page],
    queryFn: ({ signal }): Promise<Page<Token>> =>
      getPage(accountPath('/tokens'), { page, per_page: PER_PAGE }, signal),
  });

export const createToken = (body: {
  readonly name?: string;
  readonly role: string;
  readonly expires_at: string | null;
}): Promise<CreatedToken> => send('POST', accountPath('/tokens'), body);

export const revokeToken = (id: string): Promise<Token> =>
  send('DELETE', accountPath(`/tokens/${encodeURIComponent(id)}`));
