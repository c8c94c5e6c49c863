import type { Secret } from '../secret.ts';

/** Encrypted values by id. Write-only for people: only the request path reads. */
export interface SecretStore {
  put(id: string, value: Secret): void;
  /** Decrypts; null when there is none. Throws GatewayError('secret-unavailable') when it cannot be decrypted. */
  read(id: string): Secret | null;
  delete(id: string): void;
  /** Re-encrypts every data key under a new master key, and does `alongside`; all or nothing. Returns how many. */
  rotate(newMasterKey: Buffer, alongside?: (count: number) => void): number;
  close(): void;
}
