import { agentSessionQuery, agentSessionsQuery } from '../../api/agent-sessions.ts';
import type { PageQueries } from '../../page-row.ts';
import { sessionListQuestion } from './list-state.ts';

export const sessionsQueries: PageQueries = ({ params, search }) => [
  agentSessionsQuery(params.gateway ?? '', sessionListQuestion(search)),
];

export const sessionQueries: PageQueries = ({ params }) => [
  agentSessionQuery(params.gateway ?? '', params.session ?? ''),
];
