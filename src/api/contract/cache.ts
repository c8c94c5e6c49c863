import { z } from 'zod';

/** A cached answer, without what it says. */
export const cacheEntrySchema = z.object({
  key: z.string().meta({ description: 'As in the cache decision of a log.' }),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  bytes: z.number().meta({ description: 'Of the answer’s body.' }),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  hits: z.number().meta({ description: 'How often it has answered; a few seconds late.' }),
  cost: z.number().nullable().meta({ description: 'USD that the answer cost, and each hit saves.' }),
  log_id: z.string().meta({ description: 'The request that paid for it.' }),
});
export type CacheEntryObject = z.infer<typeof cacheEntrySchema>;

export const cachePurgeSchema = z.object({
  id: z.string(),
  deleted: z.number().optional().meta({ description: 'Entries removed, when only some were to be.' }),
});
