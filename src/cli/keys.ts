import { join } from 'node:path';
import { CLIENT_SETTINGS, type Command, settingArgs } from './command.ts';
import { settingsOf } from './load-settings.ts';

export const keysRotateCommand: Command = {
  name: 'keys rotate',
  summary: 'Change the master key that stored provider keys are encrypted with. Stop the gateway first.',
  args: {
    'new-key-file': {
      type: 'string',
      description:
        'File with the new key: 32 bytes in base64 or hex, or a passphrase. Without it a new key is made and kept in master.key of the data folder.',
    },
    ...settingArgs([...CLIENT_SETTINGS, 'master_key']),
  },
  words: [],
  async run(invocation) {
    const settings = await settingsOf(invocation, ['--new-key-file']);
    const [
      { openExistingDataFolder },
      { findKeySource, readKeyFile },
      { rotateMasterKey },
      { openSecretStore, WrongMasterKeyError },
      { systemClock },
      { openConfigStore },
      { auditContent, COMMAND_LINE },
    ] = await Promise.all([
      import('../config/data-folder.ts'),
      import('../config/master-key.ts'),
      import('../config/key-rotation.ts'),
      import('../stores/sqlite/secrets.ts'),
      import('../core/clock.ts'),
      import('../stores/sqlite/config.ts'),
      import('../config/audit-content.ts'),
    ]);
    const newKeyFile = invocation.flags.get('--new-key-file')?.at(-1);
    const current = findKeySource(settings);
    const next = newKeyFile === undefined ? null : readKeyFile(newKeyFile);
    const folder = openExistingDataFolder(settings.dataFolder, systemClock().now());
    try {
      let count = 0;
      rotateMasterKey(folder.path, current, next, (oldKey, newKey) => {
        const config = openConfigStore(join(folder.path, 'config.db'));
        const open = (key: Buffer) => openSecretStore(config.database, key);
        const enter = (keys: number): void => {
          const atMs = systemClock().now();
          const what = {
            actor: COMMAND_LINE,
            action: 'rotate',
            type: 'ai_gateway.master_key',
            id: null,
          } as const;
          const accounts = [...config.snapshot().accounts];
          const after = { stored_keys: keys };
          config.audit.append(accounts.map((account) => auditContent({ ...what, account, atMs, after })));
        };
        try {
          count = open(oldKey).rotate(newKey, enter);
        } catch (error) {
          if (!(error instanceof WrongMasterKeyError)) throw error;
          // An earlier rotation got past this step before it was interrupted: the new key must fit.
          open(newKey);
        } finally {
          config.close();
        }
      });
      const { terminal } = invocation;
      terminal.out(`the master key of ${folder.path} is changed (${count} stored provider keys)`);
      if (newKeyFile !== undefined) {
        terminal.out('start the gateway with the new key: TIDEGATE_MASTER_KEY or TIDEGATE_MASTER_KEY_FILE');
      }
      return 0;
    } finally {
      folder.close();
    }
  },
};
