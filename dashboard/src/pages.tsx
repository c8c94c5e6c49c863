import {
  ChartLineIcon,
  ChatCircleIcon,
  ExamIcon,
  GaugeIcon,
  GearIcon,
  HeartbeatIcon,
  HouseIcon,
  KeyIcon,
  LightningIcon,
  ListBulletsIcon,
  PlugsIcon,
  ScrollIcon,
  StackIcon,
  StackSimpleIcon,
} from '@phosphor-icons/react';
import { datasetsQuery } from './api/datasets.ts';
import { evaluationQuery, evaluationsQuery, evaluationTypesQuery } from './api/evaluations.ts';
import { gatewayQuery, gatewaysQuery } from './api/gateways.ts';
import { healthQuery } from './api/process.ts';
import { providersQuery } from './api/providers.ts';
import { tokensQuery } from './api/tokens.ts';
import { auditQueries } from './features/audit/queries.ts';
import { cacheQueries } from './features/cache/queries.ts';
import { homeQueries } from './features/home/queries.ts';
import { limitsQueries } from './features/limits/queries.ts';
import { logsPageQueries } from './features/logs/queries.ts';
import { overviewQueries } from './features/overview/queries.ts';
import { playgroundQueries } from './features/playground/queries.ts';
import { recordPageQueries } from './features/record/queries.ts';
import { sessionQueries, sessionsQueries } from './features/sessions/queries.ts';
import type { PageRow } from './page-row.ts';
import { accessWords } from './words/access.ts';
import { accountWords } from './words/account.ts';
import { auditWords } from './words/audit.ts';
import { cacheWords } from './words/cache.ts';
import { datasetsWords } from './words/datasets.ts';
import { evaluationsWords } from './words/evaluations.ts';
import { homeWords } from './words/home.ts';
import { limitsWords } from './words/limits.ts';
import { logWords } from './words/logs.ts';
import { overviewWords } from './words/overview.ts';
import { playgroundWords } from './words/playground.ts';
import { providersWords } from './words/providers.ts';
import { recordWords } from './words/record.ts';
import { sessionWords } from './words/sessions.ts';
import { settingsWords } from './words/settings.ts';

/** Every page, in the order of the sidebar: one row each. Pages that do not exist have no row. */
export const PAGES: readonly PageRow[] = [
  {
    path: '/',
    title: homeWords.title,
    icon: HouseIcon,
    permission: 'metadata-read',
    place: 'account',
    key: 'h',
    load: () => import('./features/home/page.tsx'),
    queries: homeQueries,
  },
  {
    path: '/g/$gateway/overview',
    title: overviewWords.title,
    icon: ChartLineIcon,
    permission: 'metadata-read',
    place: 'gateway',
    key: 'o',
    load: () => import('./features/overview/page.tsx'),
    queries: overviewQueries,
  },
  {
    path: '/g/$gateway/logs',
    title: logWords.title,
    icon: ListBulletsIcon,
    permission: 'metadata-read',
    place: 'gateway',
    key: 'l',
    load: () => import('./features/logs/page.tsx'),
    queries: logsPageQueries,
  },
  {
    path: '/g/$gateway/logs/$log',
    title: recordWords.title,
    icon: ListBulletsIcon,
    permission: 'read',
    place: null,
    load: () => import('./features/record/page.tsx'),
    queries: recordPageQueries,
  },
  {
    path: '/g/$gateway/sessions',
    title: sessionWords.title,
    icon: StackIcon,
    permission: 'metadata-read',
    place: 'gateway',
    key: 's',
    load: () => import('./features/sessions/page.tsx'),
    queries: sessionsQueries,
  },
  {
    path: '/g/$gateway/sessions/$session',
    title: sessionWords.one,
    icon: StackIcon,
    permission: 'metadata-read',
    place: null,
    load: () => import('./features/sessions/session-page.tsx'),
    queries: sessionQueries,
  },
  {
    path: '/g/$gateway/cache',
    title: cacheWords.title,
    icon: LightningIcon,
    permission: 'metadata-read',
    place: 'gateway',
    key: 'c',
    load: () => import('./features/cache/page.tsx'),
    queries: cacheQueries,
  },
  {
    path: '/g/$gateway/limits',
    title: limitsWords.title,
    icon: GaugeIcon,
    permission: 'metadata-read',
    place: 'gateway',
    key: 'm',
    load: () => import('./features/limits/page.tsx'),
    queries: limitsQueries,
  },
  {
    path: '/g/$gateway/playground',
    title: playgroundWords.title,
    icon: ChatCircleIcon,
    permission: 'run',
    place: 'gateway',
    key: 'p',
    load: () => import('./features/playground/page.tsx'),
    queries: playgroundQueries,
  },
  {
    path: '/g/$gateway/evaluations',
    title: evaluationsWords.title,
    icon: ExamIcon,
    permission: 'read',
    place: 'gateway',
    key: 'e',
    load: () => import('./features/evaluations/page.tsx'),
    queries: ({ params }) => [evaluationsQuery(params.gateway ?? '', 1), evaluationTypesQuery],
  },
  {
    path: '/g/$gateway/evaluations/$id',
    title: evaluationsWords.title,
    icon: ExamIcon,
    permission: 'read',
    place: null,
    load: () => import('./features/evaluations/detail.tsx'),
    queries: ({ params }) => [evaluationQuery(params.gateway ?? '', params.id ?? ''), evaluationTypesQuery],
  },
  {
    path: '/g/$gateway/datasets',
    title: datasetsWords.title,
    icon: StackSimpleIcon,
    permission: 'read',
    place: 'gateway',
    key: 'd',
    load: () => import('./features/datasets/page.tsx'),
    queries: ({ params }) => [datasetsQuery(params.gateway ?? '')],
  },
  {
    path: '/g/$gateway/settings',
    title: settingsWords.title,
    icon: GearIcon,
    permission: 'read',
    place: 'gateway',
    key: ',',
    load: () => import('./features/settings/page.tsx'),
    queries: ({ params }) => [gatewayQuery(params.gateway ?? '')],
  },
  {
    path: '/providers',
    title: providersWords.title,
    icon: PlugsIcon,
    permission: 'read',
    place: 'account',
    key: 'v',
    load: () => import('./features/providers/page.tsx'),
    queries: () => [gatewaysQuery, providersQuery],
  },
  {
    path: '/access',
    title: accessWords.title,
    icon: KeyIcon,
    permission: 'admin',
    place: 'account',
    key: 'a',
    load: () => import('./features/access/page.tsx'),
    queries: () => [tokensQuery(1)],
  },
  {
    path: '/audit',
    title: auditWords.title,
    icon: ScrollIcon,
    permission: 'admin',
    place: 'account',
    key: 'u',
    load: () => import('./features/audit/page.tsx'),
    queries: auditQueries,
  },
  {
    path: '/account',
    title: accountWords.title,
    icon: HeartbeatIcon,
    permission: 'metadata-read',
    place: 'account',
    key: 'i',
    load: () => import('./features/account/page.tsx'),
    queries: () => [healthQuery],
  },
];
