import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { LocalModels } from '../core/semantic.ts';
import { parseManifest } from './manifest.ts';
import { openFolderModels, openLocalModels } from './open-local-models.ts';

// Models are loaded and run: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

const SHIPPED = join(import.meta.dirname, '../../models');
const root = mkdtempSync(join(tmpdir(), 'tidegate-models-'));
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const services = { clock: systemClock(), logger: silent };
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const models of opened.splice(0)) await models.close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
/** A folder with the shipped files, which are linked, and some that stand in their place. */
function folderWith(
  files: Readonly<Record<string, string>>,
  manifest: object | null = shippedManifest(),
): string {
  const folder = join(root, `models-${folders++}`);
  mkdirSync(join(folder, 'embedder'), { recursive: true });
  mkdirSync(join(folder, 'verifier'));
  for (const file of [
    'tokenizer.json',
    'tokenizer_config.json',
    'embedder/model.onnx',
    'verifier/model.onnx',
  ])
    if (!(file in files)) symlinkSync(join(SHIPPED, file), join(folder, file));
  for (const [file, text] of Object.entries(files)) if (text !== '') writeFileSync(join(folder, file), text);
  if (manifest !== null) writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}

interface ManifestJson {
  tokenizer: object;
  embedder: { dimensions: number; sha256?: string };
  verifier: { output: string };
}

const shippedManifest = (): ManifestJson => JSON.parse(readFileSync(join(SHIPPED, 'manifest.json'), 'utf8'));

function open(options: Parameters<typeof openLocalModels>[0]): LocalModels {
  const models = openLocalModels(options);
  opened.push(models);
  return models;
}

async function expectFailed(models: LocalModels, problem: string | RegExp): Promise<void> {
  const state = await models.ready();
  expect(state).toEqual({ state: 'failed', problem: expect.stringMatching(problem) });
  expect(models.state).toEqual(state);
  await expect(models.embedder.embed(['x'], null)).rejects.toMatchObject({
    kind: 'failed',
    message: state.problem,
  });
  await expect(models.verifier.verify([['x', 'y']], null)).rejects.toMatchObject({ kind: 'failed' });
}

describe('the models are failed, and say why', () => {
  it('when the package is not installed', () =>
    expectFailed(
      open({ ...services, runtime: 'no-such-runtime' }),
      'optional package no-such-runtime is not installed',
    ));

  it('when the package cannot be loaded', () => {
    const broken = join(root, 'broken.cjs');
    writeFileSync(broken, "throw new Error('wrong machine');");
    return expectFailed(
      open({ ...services, runtime: broken }),
      'cannot be loaded on this machine: wrong machine',
    );
  });

  it('when the folder, the manifest or a file is missing', async () => {
    await expectFailed(open({ ...services, folder: join(root, 'nowhere') }), 'manifest.json is missing');
    await expectFailed(
      open({ ...services, folder: folderWith({ 'verifier/model.onnx': '' }) }),
      'verifier/model.onnx is missing',
    );
  });

  it('when a file has another size or another hash', async () => {
    const text = readFileSync(join(SHIPPED, 'tokenizer_config.json'), 'utf8');
    await expectFailed(
      open({ ...services, folder: folderWith({ 'tokenizer_config.json': `${text} ` }) }),
      'tokenizer_config.json has 351 bytes; the manifest says 350',
    );
    await expectFailed(
      open({ ...services, folder: folderWith({ 'tokenizer_config.json': text.replace('true', 'tru3') }) }),
      /tokenizer_config.json is another file than the manifest says: its SHA-256 is [0-9a-f]{64}/,
    );
  });

  it('when the manifest promises something else than there is', async () => {
    const manifest = shippedManifest();
    manifest.embedder.dimensions = 512;
    await expectFailed(
      open({ ...services, folder: folderWith({}, manifest) }),
      '384 dimensions; the manifest says 512',
    );
    const nameless = shippedManifest();
    delete nameless.embedder.sha256;
    await expectFailed(open({ ...services, folder: folderWith({}, nameless) }), 'not every hash');
    const wrongOutput = shippedManifest();
    wrongOutput.verifier.output = 'score';
    await expectFailed(
      open({ ...services, folder: folderWith({}, wrongOutput) }),
      'has no output score, but logit',
    );
  });

  it('when they do not tell a rewrite from something else', async () => {
    // A tokenizer that knows no word: every text of as many words is the same to the models.
    const tokenizer = JSON.parse(readFileSync(join(SHIPPED, 'tokenizer.json'), 'utf8'));
    const vocabulary = tokenizer.model.vocab as Record<string, number>;
    tokenizer.model.vocab = Object.fromEntries(
      Object.entries(vocabulary).map(([word, id]) => [/^\[/.test(word) ? word : `§${word}`, id]),
    );
    const manifest = shippedManifest();
    const text = JSON.stringify(tokenizer);
    manifest.tokenizer = { file: 'tokenizer.json', bytes: Buffer.byteLength(text), sha256: sha256(text) };
    const folder = folderWith({ 'tokenizer.json': text }, manifest);
    await expectFailed(
      open({ ...services, folder }),
      'the embedder failed its test: a rewrite has the similarity',
    );
  });
});

describe('a thread that ends by itself', () => {
  // A runtime that works, until a file says that it has to die in the middle of a task.
  const dyingRuntime = (): { runtime: string; die: string } => {
    const die = join(root, `die-${folders++}`);
    const runtime = join(root, `runtime-${folders++}.cjs`);
    const real = JSON.stringify(join(SHIPPED, '../node_modules/onnxruntime-node'));
    writeFileSync(
      runtime,
      `const real = require(${real});
       const { existsSync } = require('node:fs');
       module.exports = { ...real, Tensor: real.Tensor, InferenceSession: { create: async (...of) => {
         const session = await real.InferenceSession.create(...of);
         return { inputNames: session.inputNames, outputNames: session.outputNames, run: (...what) => {
           if (existsSync(${JSON.stringify(die)})) process.exit(1);
           return session.run(...what);
         } };
       } } };`,
    );
    return { runtime, die };
  };

  it('refuses what waits, starts once more, and gives up when it ends again', async () => {
    const { runtime, die } = dyingRuntime();
    const errors = vi.fn();
    const models = open({
      clock: systemClock(),
      logger: { ...silent, error: errors },
      runtime,
      limits: { restartMs: 10 },
    });
    await models.embedder.embed(['x'], null);
    writeFileSync(die, '');
    const waiting = await Promise.allSettled(
      Array.from({ length: 5 }, () => models.embedder.embed(['x'], null)),
    );
    for (const outcome of waiting)
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { kind: 'failed', message: /failed: it ended/ },
      });
    rmSync(die);
    await vi.waitUntil(() => models.state.state === 'ready', { timeout: 30_000 });
    expect(await models.embedder.embed(['x'], null)).toHaveLength(1);
    writeFileSync(die, '');
    await expect(models.embedder.embed(['x'], null)).rejects.toMatchObject({ kind: 'failed' });
    rmSync(die);
    expect(models.state.state).toBe('failed');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await models.ready()).toMatchObject({ state: 'failed' });
    expect(errors.mock.calls.map(([, message]) => message)).toEqual([
      'the thread of the local models failed',
      'the thread of the local models failed again',
    ]);
  });

  it('is ended when it says nothing any more', async () => {
    const runtime = join(root, 'hanging.cjs');
    writeFileSync(
      runtime,
      'module.exports = { InferenceSession: { create: () => new Promise(() => {}) } }; setInterval(() => {}, 1000);',
    );
    const models = open({ ...services, runtime, limits: { loadMs: 500, restartMs: 60_000 } });
    const waiting = models.embedder.embed(['x'], null);
    expect(models.state.state).toBe('loading');
    await expect(waiting).rejects.toMatchObject({ kind: 'failed', message: /said nothing for 500 ms/ });
  });

  it('is ended by close, which refuses what waits', async () => {
    const models = open(services);
    const waiting = Promise.allSettled([
      models.embedder.embed(['x'], null),
      models.verifier.verify([['x', 'y']], null),
    ]);
    await models.close();
    for (const outcome of await waiting)
      expect(outcome).toMatchObject({ reason: { message: /being stopped/ } });
    await expect(models.embedder.embed(['x'], null)).rejects.toMatchObject({ kind: 'failed' });
  });
});

describe('models of the operator', () => {
  const models = join(root, 'own');
  const openFolder = (name: string, folder: string | null = models) => {
    const found = openFolderModels(folder, name, services);
    opened.push(found);
    return found;
  };
  const put = (name: string, manifest: object | null): void => {
    mkdirSync(join(models, name), { recursive: true });
    cpSync(join(SHIPPED, 'embedder/model.onnx'), join(models, name, 'model.onnx'));
    cpSync(join(SHIPPED, 'tokenizer.json'), join(models, name, 'tokenizer.json'));
    if (manifest) writeFileSync(join(models, name, 'manifest.json'), JSON.stringify(manifest));
  };

  it('work without a manifest, and are named by folder, weights and size', async () => {
    put('plain', null);
    const folder = openFolder('plain');
    expect(folder.state.state).toBe('unused');
    const embedder = await folder.embedder();
    expect(embedder.id).toMatch(/^local:plain\/plain\/1c9bc2ddcb6c-[0-9a-f]{4}\/384$/);
    const [vector] = await embedder.embed(['How do I enable 2FA?'], null);
    const [shipped] = await open(services).embedder.embed(['How do I enable 2FA?'], null);
    expect(vector).toEqual(shipped);
  });

  it('obey their manifest', async () => {
    put('short', { name: 'short-one', embedder: { max_tokens: 32, pooling: 'none', normalise: false } });
    const embedder = await openFolder('short').embedder();
    expect(embedder.id).toMatch(/^local:short\/short-one\//);
    await expect(embedder.embed(['word '.repeat(31)], null)).rejects.toMatchObject({
      kind: 'too-long',
    });
    put('tokens', { embedder: { pooling: 'mean' } });
    await expect(openFolder('tokens').embedder()).rejects.toThrow(
      "has the form [1, 384], not that for 'mean'",
    );
  });

  it.each(['..', '.', '.hidden', '../own/plain', 'a/b', 'a\\b', '', 'a\0', 'x'.repeat(65)])(
    'cannot be outside the folder: %j',
    async (name) => {
      const folder = openFolder(name);
      expect(folder.state).toEqual({
        state: 'failed',
        problem: 'the name of the folder of models cannot be',
      });
      await expect(folder.embedder()).rejects.toMatchObject({ kind: 'failed' });
    },
  );

  it('say so when there is no such folder, or none is set', async () => {
    await expect(openFolder('missing').embedder()).rejects.toThrow('tokenizer.json is missing');
    await expect(openFolder('plain', null).embedder()).rejects.toThrow('TIDEGATE_MODELS');
  });
});

it.each<[object, string]>([
  [{ embedder: { file: '../../secret' } }, 'embedder.file'],
  [{ embedder: { file: '/etc/passwd' } }, 'embedder.file'],
  [{ embedder: { file: 'a/./b' } }, 'embedder.file'],
  [{ embedder: { pooling: 'max' } }, 'embedder.pooling'],
  [{ embedder: { max_tokens: 31 } }, 'embedder.max_tokens'],
  [{ embedder: { normalise: 'yes' } }, 'embedder.normalise'],
  [{ embedder: [] }, 'embedder'],
  [{ tokenizer: { sha256: 'abc' } }, 'tokenizer.sha256'],
  [{ name: 'a\nb' }, 'name'],
  [[], 'manifest.json'],
])('a manifest that cannot be is refused by the field: %j', (manifest, field) => {
  expect(() => parseManifest(manifest, 'x')).toThrow(field);
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
