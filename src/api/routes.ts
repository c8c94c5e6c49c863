import { agentSessionEndpoints } from './agent-sessions.ts';
import { analyticsEndpoints } from './analytics.ts';
import { attentionEndpoints } from './attention.ts';
import { auditEndpoints } from './audit.ts';
import { cacheEndpoints } from './cache.ts';
import { conversationEndpoints } from './conversation.ts';
import { customProviderEndpoints } from './custom-providers.ts';
import { datasetEndpoints } from './datasets.ts';
import type { Endpoint } from './endpoint.ts';
import { evaluationTypeEndpoints } from './evaluation-types.ts';
import { evaluationEndpoints } from './evaluations.ts';
import { gatewayEndpoints } from './gateways.ts';
import { graphqlEndpoints } from './graphql/endpoint.ts';
import { logExportEndpoints } from './log-export.ts';
import { logStreamEndpoints } from './log-stream.ts';
import { logEndpoints } from './logs.ts';
import { processEndpoints } from './process.ts';
import { providerConfigEndpoints } from './provider-configs.ts';
import { providerEndpoints } from './providers.ts';
import { replayEndpoints } from './replay.ts';
import { runEndpoints } from './run.ts';
import { semanticEndpoints } from './semantic.ts';
import { semanticEntryEndpoints } from './semantic-entries.ts';
import { semanticHitEndpoints } from './semantic-hits.ts';
import { wrongPairEndpoints } from './semantic-pairs.ts';
import { sessionEndpoints } from './session.ts';
import { tokenEndpoints } from './tokens.ts';
import { urlEndpoints } from './urls.ts';
import { viewEndpoints } from './views.ts';

/** Every route of the management API below /client/v4, with the permission that it needs. There are no others. */
export const API_ROUTES: readonly Endpoint[] = [
  ...gatewayEndpoints,
  ...urlEndpoints,
  // Before the logs themselves: `stream` and `export` are no ids of logs.
  ...logStreamEndpoints,
  ...logExportEndpoints,
  ...logEndpoints,
  ...conversationEndpoints,
  ...analyticsEndpoints,
  ...attentionEndpoints,
  ...agentSessionEndpoints,
  ...graphqlEndpoints,
  ...providerConfigEndpoints,
  ...customProviderEndpoints,
  // Before the cache: `semantic` is no key of an entry.
  ...semanticEndpoints,
  ...semanticHitEndpoints,
  ...wrongPairEndpoints,
  ...semanticEntryEndpoints,
  ...cacheEndpoints,
  ...tokenEndpoints,
  ...sessionEndpoints,
  ...viewEndpoints,
  ...providerEndpoints,
  ...processEndpoints,
  ...auditEndpoints,
  ...runEndpoints,
  ...replayEndpoints,
  ...datasetEndpoints,
  ...evaluationTypeEndpoints,
  ...evaluationEndpoints,
];

/** Routes that need no token: they say what every copy of the program says. */
export const PUBLIC_ROUTES: readonly string[] = ['/openapi.json', '/docs'];
