import { parseArgs } from 'node:util';
import { startScriptedProvider } from './server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8799' },
    host: { type: 'string', default: '127.0.0.1' },
    'first-token-ms': { type: 'string', default: '0' },
    'token-ms': { type: 'string', default: '0' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(
    'Usage: node src/demo/provider/main.ts [--port 8799] [--host 127.0.0.1] [--first-token-ms 0] [--token-ms 0]\n',
  );
} else {
  const provider = await startScriptedProvider({
    port: Number(values.port),
    host: values.host,
    timing: { firstTokenMs: Number(values['first-token-ms']), tokenMs: Number(values['token-ms']) },
    recordLimit: 0,
  });
  process.stdout.write(`scripted provider on ${provider.url}\n`);
  const stop = (): void => void provider.close().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}
