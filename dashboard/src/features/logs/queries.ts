import { analyticsQuery } from '../../api/analytics.ts';
import { logPagesQuery } from '../../api/logs.ts';
import { decodeView } from '../../filters/view.ts';
import type { PageQueries } from '../../page-row.ts';
import { histogramQuestion } from './histogram-question.ts';
import { readListState } from './list-state.ts';

export const logsPageQueries: PageQueries = ({ params, search }) => {
  const gateway = params.gateway ?? '';
  const view = decodeView(search);
  const pages = logPagesQuery(gateway, view, readListState(search).sort);
  if (view.text !== '') return [pages];
  return [pages, analyticsQuery(histogramQuestion(gateway, view, Date.now()))];
};
