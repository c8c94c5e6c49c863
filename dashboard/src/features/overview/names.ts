import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { may, sessionQuery } from '../../api/session.ts';
import { type Token, tokensQuery } from '../../api/tokens.ts';
import { visibleText } from '../../format/visible-text.ts';
import { overviewWords as words } from '../../words/overview.ts';

/** What values of a dimension are called: tokens by their names for those who may see them, '' as unknown. */
export function useNames(dimension: string): (value: string) => string {
  const { data: session } = useQuery(sessionQuery);
  const isToken = dimension === 'token_id';
  const { data: tokens } = useQuery({
    ...tokensQuery(1),
    enabled: isToken && session !== undefined && may(session, 'admin'),
  });
  const named = tokens?.rows;
  return useCallback((value) => nameOf(dimension, value, named), [dimension, named]);
}

function nameOf(dimension: string, value: string, tokens: readonly Token[] | undefined): string {
  if (dimension === 'cache_kind') {
    const kind = value === '' ? 'none' : value;
    return Object.hasOwn(words.cacheKinds, kind)
      ? words.cacheKinds[kind as keyof typeof words.cacheKinds]
      : visibleText(value);
  }
  if (value === '') return dimension === 'error_type' ? words.noError : words.unknown;
  if (dimension === 'token_id') return visibleText(tokens?.find(({ id }) => id === value)?.name ?? value);
  return visibleText(value);
}
