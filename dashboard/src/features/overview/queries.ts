import { analyticsQuery } from '../../api/analytics.ts';
import { gatewayQuery } from '../../api/gateways.ts';
import type { PageQueries } from '../../page-row.ts';
import { overviewQuestions, readState } from './questions.ts';

export const overviewQueries: PageQueries = ({ params, search }) => {
  const gateway = params.gateway ?? '';
  const questions = overviewQuestions(gateway, readState(search), Date.now());
  return [gatewayQuery(gateway), ...Object.values(questions).map(analyticsQuery)];
};
