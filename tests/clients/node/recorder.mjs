// A passage to the server that keeps every answer for the check against the specification, and changes nothing.

import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, request as ask } from "node:http";
import { dirname } from "node:path";

/** Each answer becomes one line of JSON in `file`. */
export async function startRecorder(target, file) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "");
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const onward = ask(new URL(url, target), { method, headers }, (reply) => {
      const body = [];
      outgoing.writeHead(reply.statusCode, reply.headers);
      reply.on("data", (slice) => body.push(slice));
      reply.on("end", () => {
        const answer = { method, url, status: reply.statusCode, type: reply.headers["content-type"] ?? null };
        appendFileSync(file, `${JSON.stringify({ ...answer, body: Buffer.concat(body).toString() })}\n`);
      });
      reply.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
