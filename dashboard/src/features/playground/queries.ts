import { providerKeysQuery } from '../../api/provider-keys.ts';
import { providersQuery } from '../../api/providers.ts';
import type { PageQueries } from '../../page-row.ts';

export const playgroundQueries: PageQueries = ({ params }) => [
  providersQuery,
  providerKeysQuery(params.gateway ?? ''),
];
