import { settingsWords } from '../../words/settings.ts';
import type { Section } from './field.ts';

const { units, choices } = settingsWords;

/** The fields of `semantic_cache`: null there is off, with everything else at its default. */
export const SEMANTIC_SECTION: Section = {
  name: 'similar',
  fields: [
    {
      name: 'semantic_cache.mode',
      kind: 'options',
      choices: choices['semantic_cache.mode'],
      fallback: 'off',
      header: 'tidegate-semantic-cache',
    },
    {
      name: 'semantic_cache.embedder',
      kind: 'text',
      pattern: /^(?:local(?::[A-Za-z0-9._-]{1,64})?|[a-z0-9][a-z0-9-]{0,63}\/\S{1,192})$/,
      problem: 'embedder',
      placeholder: 'local',
      fallback: 'local',
    },
    {
      name: 'semantic_cache.error_budget',
      kind: 'number',
      unit: units.percent,
      scale: 100,
      least: 0.001,
      most: 0.2,
      fallback: 0.01,
    },
    {
      name: 'semantic_cache.scope',
      kind: 'options',
      choices: choices['semantic_cache.scope'],
      fallback: 'token',
    },
    {
      name: 'semantic_cache.ttl',
      kind: 'number',
      unit: units.seconds,
      least: 60,
      most: 2_592_000,
      fallback: 86_400,
    },
    {
      name: 'semantic_cache.max_temperature',
      kind: 'number',
      unit: '',
      scale: 1,
      least: 0,
      most: 2,
      fallback: 1,
    },
    {
      name: 'semantic_cache.sample_rate',
      kind: 'number',
      unit: units.percent,
      scale: 100,
      least: 0,
      most: 1,
      fallback: 0.05,
    },
    {
      name: 'semantic_cache.daily_check_budget',
      kind: 'number',
      unit: units.dollars,
      scale: 1,
      least: 0,
      most: 10_000,
      fallback: 0.5,
    },
    {
      name: 'semantic_cache.judge',
      kind: 'text',
      pattern: /^[a-z0-9][a-z0-9-]{0,63}\/\S{1,192}$/,
      problem: 'model',
      placeholder: 'openai/gpt-4o-mini',
      empty: null,
      fallback: null,
    },
    {
      name: 'semantic_cache.embedder_dimensions',
      kind: 'number',
      unit: units.dimensions,
      least: 8,
      most: 8192,
      empty: null,
      fallback: null,
    },
  ],
};
