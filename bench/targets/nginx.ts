import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from './start.ts';
import { freePort, type Target } from './target.ts';

const isRoot = process.getuid?.() === 0;

function findNginx(): string | null {
  return ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx'].find(existsSync) ?? null;
}

function configuration(folder: string, port: number, upstreamPort: number): string {
  return `
${isRoot ? 'user root;' : ''}
worker_processes 1;
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log crit;
events { worker_connections 8192; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  client_max_body_size 100m;
  keepalive_requests 1000000000;
  upstream provider {
    server 127.0.0.1:${upstreamPort};
    keepalive 2048;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://provider;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_request_buffering off;
    }
  }
}
`;
}

export const nginx: Target = {
  name: 'nginx',
  title: 'nginx proxy_pass',
  prepare() {
    if (findNginx()) return null;
    if (isRoot) spawnSync('apt-get', ['install', '-y', '-q', 'nginx'], { stdio: 'ignore' });
    return findNginx() ? null : 'nginx is not installed (apt-get install nginx)';
  },
  async start(upstreamPort) {
    const binary = findNginx();
    if (!binary) throw new Error('nginx is not installed');
    const folder = mkdtempSync(join(tmpdir(), 'bench-nginx-'));
    const port = await freePort();
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, configuration(folder, port, upstreamPort));
    return launch({
      command: [binary, '-p', folder, '-c', file, '-e', join(folder, 'error.log')],
      port,
      path: '/v1/chat/completions',
      headers: [],
      cleanUp: () => rmSync(folder, { recursive: true, force: true }),
    });
  },
};
