import { createHash } from 'node:crypto';
import type { Manifest } from './manifest.ts';

/** SHA-256 of the files, in hex. */
export interface Hashes {
  readonly tokenizer: string;
  readonly tokenizerConfig: string | null;
  readonly embedder: string;
  readonly verifier: string | null;
}

/** The hashes that a manifest promises; null where it leaves one out. */
export function promisedHashes({ tokenizer, tokenizerConfig, embedder, verifier }: Manifest): Hashes | null {
  if (tokenizer.sha256 === null || embedder.sha256 === null) return null;
  if ((tokenizerConfig && tokenizerConfig.sha256 === null) || (verifier && verifier.sha256 === null))
    return null;
  return {
    tokenizer: tokenizer.sha256,
    tokenizerConfig: tokenizerConfig?.sha256 ?? null,
    embedder: embedder.sha256,
    verifier: verifier?.sha256 ?? null,
  };
}

/** Whatever changes a vector changes the name: weights, tokenizer, the way it is read, dimensions. */
export function embedderIdOf(manifest: Manifest, hashes: Hashes, dimensions: number): string {
  const { pooling, output } = manifest.embedder;
  const reading = digest([hashes.tokenizer, hashes.tokenizerConfig, pooling, output]);
  return `${manifest.name}/${hashes.embedder.slice(0, 12)}-${reading}/${dimensions}`;
}

/** Null without a verifier. */
export function verifierIdOf(manifest: Manifest, hashes: Hashes): string | null {
  if (hashes.verifier === null || manifest.verifier === null) return null;
  const reading = digest([hashes.tokenizer, hashes.tokenizerConfig, manifest.verifier.output]);
  return `${manifest.name}/${hashes.verifier.slice(0, 12)}-${reading}`;
}

/** Short: it only tells apart what reads the same weights differently. */
const digest = (parts: readonly (string | null)[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 4);
