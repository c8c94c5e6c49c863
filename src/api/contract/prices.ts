import { z } from 'zod';

const rateSchema = z.object({
  usd_per_million: z.number(),
  above: z
    .array(z.object({ input_tokens: z.number(), usd_per_million: z.number() }))
    .meta({ description: 'Prices of requests with more input tokens than that, for the whole request.' }),
});

export const priceObjectSchema = z.object({
  provider: z.string(),
  model: z.string(),
  listed_under: z.string().meta({ description: 'Where in the catalogue: `anthropic/claude-sonnet-4-5`.' }),
  prices: z
    .array(
      z.object({
        from: z.string().nullable().meta({ description: 'First day, UTC; null is from the beginning.' }),
        daily: z
          .object({ from_seconds: z.number(), to_seconds: z.number() })
          .nullable()
          .meta({ description: 'Seconds of the day, UTC, between which it holds.' }),
        rates: z.record(z.string(), rateSchema).meta({
          description: '`input`, `output`, `cache_read`, `cache_write`, `cache_write_1h`, `reasoning` …',
        }),
        units: z
          .record(z.string(), z.number())
          .meta({ description: 'USD by unit: `searches`, `requests` …' }),
      }),
    )
    .meta({
      description: 'The last one whose condition holds. Empty: the model is known, its price is not.',
    }),
  source: z
    .enum(['bundled', 'operator'])
    .meta({ description: 'The catalogue that came with the gateway, or yours.' }),
  date: z.string().meta({ description: 'Day on which the catalogue was made.' }),
});
export type PriceObject = z.infer<typeof priceObjectSchema>;
