import type { Icon } from '@phosphor-icons/react';
import type { FetchInfiniteQueryOptions, UseQueryOptions } from '@tanstack/react-query';
import type { ComponentType } from 'react';
import type { Permission } from './api/session.ts';
import type { Search } from './filters/use-address.ts';

export interface PageInput {
  readonly params: Readonly<Record<string, string>>;
  readonly search: Search;
}

/** What is asked before the page's own code has arrived, so that both come at the same time. */
// biome-ignore-start lint/suspicious/noExplicitAny: the answers' types differ from query to query, and no one here reads them
export type PageQueries = (
  input: PageInput,
) => readonly (UseQueryOptions<any, any, any, any> | FetchInfiniteQueryOptions<any, any, any, any, any>)[];
// biome-ignore-end lint/suspicious/noExplicitAny: as above

export interface PageRow {
  readonly path: string;
  readonly title: string;
  readonly icon: Icon;
  readonly permission: Permission;
  /** Where the sidebar shows it; a page that is reached from another one has none. */
  readonly place: 'account' | 'gateway' | null;
  /** `g` and then this key goes there. */
  readonly key?: string;
  readonly load: () => Promise<{ readonly Page: ComponentType }>;
  readonly queries?: PageQueries;
}
