import { useMemo } from 'react';
import { decodeFilter, encodeFilter, type Filter } from './filter.ts';
import { DEFAULT_RANGE, readRange, type TimeRange } from './time-range.ts';
import { many, one, type Search, useAddress } from './use-address.ts';

/** What charts and lists of a gateway look at. */
export interface View {
  readonly range: TimeRange;
  readonly filters: readonly Filter[];
  /** Free text. */
  readonly text: string;
}

export function decodeView(search: Search): View {
  return {
    range: readRange(one(search, 'from'), one(search, 'to')),
    filters: many(search, 'filter').flatMap((text) => decodeFilter(text) ?? []),
    text: one(search, 'search') ?? '',
  };
}

/** Names with undefined take away what stood there; the default range is not written. */
export function encodeView({ range, filters, text }: Partial<View>): Search {
  return {
    ...(range && {
      from: range.from === DEFAULT_RANGE.from && range.to === DEFAULT_RANGE.to ? undefined : range.from,
      to: range.to === DEFAULT_RANGE.to ? undefined : range.to,
    }),
    ...(filters && { filter: filters.length === 0 ? undefined : filters.map(encodeFilter) }),
    ...(text !== undefined && { search: text === '' ? undefined : text }),
  };
}

export function useView(): {
  readonly view: View;
  readonly changeView: (patch: Partial<View>, options?: { readonly replace?: boolean }) => void;
} {
  const { search, change } = useAddress();
  const view = useMemo(() => decodeView(search), [search]);
  return { view, changeView: (patch, options) => change(encodeView(patch), options) };
}
