// The shape of CloudFront's events around a function, before an origin; `node shim.mjs SCRIPT PORT ORIGIN`.

import { readFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';

const [script, port, origin] = process.argv.slice(2);
// A function has no exports: it declares `handler`.
const declare = new Function('require', `${readFileSync(script, 'utf8')}\nreturn handler;`);
const handler = declare(createRequire(import.meta.url));

http
  .createServer((asked, answer) => {
    const mark = asked.url.indexOf('?');
    const path = mark < 0 ? asked.url : asked.url.slice(0, mark);
    const headers = Object.fromEntries(Object.entries(asked.headers).map(([name, value]) => [name, { value }]));
    const request = { method: asked.method, uri: path, querystring: {}, headers, cookies: {} };
    const said = handler({ version: '1.0', context: {}, viewer: { ip: '127.0.0.1' }, request });
    if (said.statusCode) {
      const told = Object.fromEntries(Object.entries(said.headers).map(([name, { value }]) => [name, value]));
      answer.writeHead(said.statusCode, told).end();
      return;
    }
    const target = said.uri + (mark < 0 ? '' : asked.url.slice(mark));
    const { hostname, port } = new URL(origin);
    http
      .request({ hostname, port, method: said.method, path: target, agent: false }, (from) => {
        answer.writeHead(from.statusCode, from.headers);
        from.pipe(answer);
      })
      .end();
  })
  .listen(Number(port), '127.0.0.1');
