import { analyticsQuery } from '../../api/analytics.ts';
import { attentionQuery } from '../../api/attention.ts';
import { gatewaysQuery } from '../../api/gateways.ts';
import type { PageQueries } from '../../page-row.ts';
import { homeQuestions } from './prepare.ts';

export const homeQueries: PageQueries = () => [
  gatewaysQuery,
  attentionQuery,
  ...Object.values(homeQuestions(Date.now())).map(analyticsQuery),
];
