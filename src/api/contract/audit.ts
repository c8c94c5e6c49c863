import { z } from 'zod';

const nullableText = z.string().nullable();

export const auditEntrySchema = z.object({
  id: z.string(),
  account: z.object({ id: z.string() }),
  action: z.object({
    type: z.string().meta({
      description: '`create`, `update`, `delete`, `revoke`, `purge`, `rotate`, `sign_in`, `sign_out`.',
    }),
    result: z.enum(['success', 'failure']),
    time: z.iso.datetime(),
  }),
  actor: z.object({
    type: z.enum(['user', 'system']),
    context: z.enum(['api_token', 'dash', 'cli', 'gateway', 'system']),
    token_id: nullableText,
    token_name: nullableText,
    role: nullableText,
    ip_address: nullableText,
  }),
  resource: z.object({
    product: z.literal('ai_gateway'),
    type: z.string().meta({ description: '`ai_gateway.gateway`, `ai_gateway.token` …' }),
    id: nullableText,
    gateway: nullableText,
  }),
  before: z
    .unknown()
    .meta({ description: 'As the API showed it, secrets masked; null when there was nothing.' }),
  after: z.unknown(),
  raw: z.object({ method: z.string(), uri: z.string(), user_agent: nullableText }).nullable(),
  sequence: z.number(),
  previous_hash: z.string(),
  hash: z
    .string()
    .meta({ description: 'SHA-256 of this entry without `hash`, as canonical JSON (RFC 8785).' }),
});
export type AuditEntryObject = z.infer<typeof auditEntrySchema>;

export const auditVerdictSchema = z.object({
  intact: z.boolean(),
  entries: z.number().meta({ description: 'Entries that are as they were written, from the first on.' }),
  head: nullableText.meta({
    description: 'Hash of the last of them: note it elsewhere to compare with later.',
  }),
  broken: z
    .object({ sequence: z.number(), id: nullableText, reason: z.string() })
    .nullable()
    .meta({ description: 'The first entry that is not.' }),
});
export type AuditVerdictObject = z.infer<typeof auditVerdictSchema>;
