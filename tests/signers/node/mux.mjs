// Mux's tokens by its own client: what it signs for a playback id.

import Mux from "@mux/mux-node";
import { answer } from "./lines.mjs";

await answer({
  sign: async ({ key, playback, options }) => {
    const mux = new Mux({ tokenId: "none", tokenSecret: "none", jwtSigningKey: key.kid, jwtPrivateKey: key.pem });
    return { token: await mux.jwt.signPlaybackId(playback, options) };
  },
});
