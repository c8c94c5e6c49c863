import { openai } from './openai.ts';
import type { Family } from './provider-request.ts';
export const bedrock: Family = { ...openai, id: 'bedrock' };
