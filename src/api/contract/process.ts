import { z } from 'zod';

/** What the process was started with, and how it is. */
export const settingObjectSchema = z.object({
  name: z.string(),
  value: z.unknown().meta({ description: 'Null when it is not set; `[secret]` for a secret that is.' }),
  secret: z.boolean(),
  source: z.enum(['flag', 'file', 'variable', 'default']),
  where: z.string().meta({ description: '`--port`, `tidegate.yaml line 3`, `TIDEGATE_PORT`, `default`.' }),
  overridden: z.array(z.string()).meta({ description: 'Places that set it too, and lost.' }),
  form: z.string(),
  description: z.string(),
});
export type SettingObject = z.infer<typeof settingObjectSchema>;

export const healthObjectSchema = z.object({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  uptime_seconds: z.number(),
  degraded: z.array(z.object({ component: z.string(), message: z.string(), since: z.iso.datetime() })),
  counters: z
    .record(z.string(), z.number())
    .meta({ description: 'Things lost or refused: 0 on a good day.' }),
  open_requests: z.number(),
  open_upstream: z.number(),
  held_request_bytes: z.number(),
  spool: z.unknown(),
  process: z.object({
    pid: z.number(),
    node: z.string(),
    rss_bytes: z.number(),
    heap_bytes: z.number(),
    cpu_seconds: z.number(),
  }),
  stores: z.array(
    z.object({
      name: z.string(),
      path: z.string().meta({ description: 'Below the data folder.' }),
      bytes: z.number(),
      files: z.number(),
    }),
  ),
  disk: z.object({ total_bytes: z.number(), free_bytes: z.number() }).nullable(),
});
export type HealthObject = z.infer<typeof healthObjectSchema>;
