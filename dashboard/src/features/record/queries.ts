import { conversationQuery, logQuery } from '../../api/logs.ts';
import type { PageQueries } from '../../page-row.ts';

export const recordPageQueries: PageQueries = ({ params, search }) => {
  const [gateway, id] = [params.gateway ?? '', params.log ?? ''];
  return search.tab === undefined
    ? [logQuery(gateway, id), conversationQuery(gateway, id)]
    : [logQuery(gateway, id)];
};
