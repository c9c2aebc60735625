// The customer's backend: the unmodified api.video client for what it knows, plain requests for sessions.

import ApiVideoClient from "@api.video/nodejs-client";
import { pathOf } from "./clips.mjs";
import { until } from "./until.mjs";

const ENCODE_MS_MAX = 60_000;

export class Customer {
  constructor({ url, key }) {
    this.url = url;
    this.authorization = `Basic ${Buffer.from(`${key}:`).toString("base64")}`;
    this.client = new ApiVideoClient({ apiKey: key, baseUri: url });
  }

  /** Uploads a clip and returns the video's id at once. */
  async upload(clip, { title = clip.file, isPublic = false } = {}) {
    const { videoId } = await this.client.videos.create({ title, _public: isPublic });
    await this.client.videos.upload(videoId, pathOf(clip));
    return videoId;
  }

  /** Uploads a clip and waits until every rendition of it is there. */
  async publish(clip, options) {
    const videoId = await this.upload(clip, options);
    await until(`${clip.file} is encoded`, ENCODE_MS_MAX, async () => {
      const { encoding } = await this.client.videos.getStatus(videoId);
      const qualities = encoding?.qualities ?? [];
      if (qualities.some(({ status }) => status === "failed")) throw new Error(JSON.stringify(encoding));
      return encoding?.playable && qualities.length > 0 && qualities.every(({ status }) => status === "encoded");
    });
    return videoId;
  }

  /** The addresses of a private video's parts; each call brings a fresh token, which all of them share. */
  async assets(videoId) {
    const { assets } = await this.client.videos.get(videoId);
    return { ...assets, session: assets.mp4.replace(/mp4\/source\.mp4$/, "session") };
  }

  /** Enters as a machine does: one token, one session. */
  async openSession(videoId) {
    const { session } = await this.assets(videoId);
    const reply = await fetch(session);
    if (!reply.ok) throw new Error(`${session} answered ${reply.status}`);
    return (await reply.json()).session_token;
  }

  async sessionsOf(videoId) {
    const { data } = await (await this.ask(`/sessions?videoId=${videoId}`)).json();
    return data;
  }

  async endSession(sessionId) {
    await this.ask(`/sessions/${sessionId}`, { method: "DELETE" });
  }

  /** Makes something: a key, a token, a link, a rule. */
  async make(path, body, method = "POST") {
    const headers = { "content-type": "application/json" };
    return (await this.ask(path, { method, headers, body: JSON.stringify(body) })).json();
  }

  async remove(path) {
    await this.ask(path, { method: "DELETE" });
  }

  async ask(path, options = {}) {
    const headers = { ...options.headers, authorization: this.authorization };
    const reply = await fetch(`${this.url}${path}`, { ...options, headers });
    if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
    return reply;
  }
}
