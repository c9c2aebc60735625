// Akamai's EdgeAuth tokens by the package `akamai-edgeauth`.

import EdgeAuth from "akamai-edgeauth";
import { answer } from "./lines.mjs";

await answer({
  sign: ({ key, url, acl, algorithm, salt, escape, start, end, id, ip, data }) => {
    const auth = new EdgeAuth({
      key,
      algorithm,
      salt,
      escapeEarly: escape,
      startTime: start,
      endTime: end,
      sessionId: id,
      ip,
      payload: data,
    });
    return { token: url === undefined ? auth.generateACLToken(acl) : auth.generateURLToken(url) };
  },
});
