import { type ScanRecords, scanModuleBytes } from './scan-module.ts';

/** Memory that a module and this thread both see. Its buffer is another one after it has grown. */
export interface LinearMemory {
  readonly buffer: ArrayBuffer;
  /** By so many pages; throws when the system has none left. */
  grow(pages: number): number;
}

export const PAGE_BYTES = 65_536;
export const MOST_PAGES = 65_536;

// The compiler's libraries have it with those of browsers only.
declare const WebAssembly: {
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => LinearMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly index: { readonly memory: LinearMemory } },
  ) => { readonly exports: { readonly scan: ScanRecords } };
};

export const openMemory = (initial: number, maximum: number): LinearMemory =>
  new WebAssembly.Memory({ initial, maximum });

export const openScan = (memory: LinearMemory): ScanRecords =>
  new WebAssembly.Instance(new WebAssembly.Module(scanModuleBytes()), { index: { memory } }).exports.scan;
