// A passage to the server that writes down each request, for what a browser asks without telling its pages.

import { createServer, request as ask } from "node:http";

/** `own` answers some paths itself: pages that must stand on the server's origin. */
export async function startLedger(target, own = {}) {
  const requests = [];
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    if (own[url] !== undefined) return own[url](outgoing);
    const entry = { method, url, purpose: headers["sec-purpose"] ?? headers.purpose, status: 0 };
    requests.push(entry);
    const onward = ask(new URL(url, target), { method, headers }, (reply) => {
      entry.status = reply.statusCode;
      outgoing.writeHead(reply.statusCode, reply.headers);
      reply.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
