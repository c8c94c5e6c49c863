import { z } from 'zod';
import { type AuditVerdictObject, auditEntrySchema, auditVerdictSchema } from './contract/audit.ts';
import { ACCOUNT, type Endpoint, endpoint } from './endpoint.ts';
import { pageInfo, pageRange, resultResponse } from './envelope.ts';
import { parseTime, timeText } from './time-range.ts';
import { pagingShape } from './validation.ts';

const tag = 'Audit';
const word = z.string().min(1).max(256).optional();

export const auditEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${ACCOUNT}/audit-logs`,
    permission: 'admin',
    tag,
    summary: 'List who changed what, newest first',
    query: z.strictObject({
      ...pagingShape(100),
      from: timeText.optional(),
      to: timeText.optional(),
      actor: word.meta({ description: 'Id or name of a token.' }),
      action: word,
      resource_type: word,
      resource_id: word,
    }),
    result: { kind: 'list', schema: auditEntrySchema },
    handle: ({ account, query, services }) => {
      const now = services.clock.now();
      const time = (text: string | undefined): number | null =>
        text === undefined ? null : parseTime(text, now);
      const { entries, totalCount } = services.config.audit.list(account, {
        from: time(query.from),
        to: time(query.to),
        actor: query.actor ?? null,
        action: query.action ?? null,
        resourceType: query.resource_type ?? null,
        resourceId: query.resource_id ?? null,
        ...pageRange(query),
      });
      return resultResponse(entries, pageInfo(query, entries.length, totalCount));
    },
  }),
  endpoint({
    method: 'get',
    path: `${ACCOUNT}/audit-logs/verify`,
    permission: 'admin',
    tag,
    summary:
      'Compute the chain of the audit log anew, and name the first entry that is not as it was written',
    result: { kind: 'one', schema: auditVerdictSchema },
    handle: async ({ account, services }) => {
      const { entries, head, broken } = await services.config.audit.verify(account);
      return resultResponse({ intact: broken === null, entries, head, broken } satisfies AuditVerdictObject);
    },
  }),
];
