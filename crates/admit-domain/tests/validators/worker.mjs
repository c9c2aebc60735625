// A worker's `fetch` behind a server, before an origin; `node shim.mjs SCRIPT PORT ORIGIN`.

import http from 'node:http';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const [script, port, origin] = process.argv.slice(2);
const worker = (await import(pathToFileURL(script))).default;

http
  .createServer(async (asked, answer) => {
    try {
      const body = asked.method === 'GET' || asked.method === 'HEAD' ? undefined : '';
      // Hop-by-hop headers are the service's business.
      const { connection, host, ...headers } = asked.headers;
      const request = new Request(new URL(asked.url, `http://${host}`), { method: asked.method, headers, body });
      const said = await worker.fetch(request, { ORIGIN: origin });
      answer.writeHead(said.status, Object.fromEntries(said.headers));
      if (said.body) Readable.fromWeb(said.body).pipe(answer);
      else answer.end();
    } catch {
      // Such as a method that no `Request` has.
      answer.writeHead(400).end();
    }
  })
  .listen(Number(port), '127.0.0.1');
