// How a script speaks: it is told a command, reads lines of JSON, and prints one line of JSON for each.

import { createInterface } from "node:readline";

/** What `commands` say to each line; what they throw is an answer too. */
export async function answer(commands) {
  const command = commands[process.argv[2]];
  for await (const text of createInterface({ input: process.stdin })) {
    const line = JSON.parse(text);
    let said;
    try {
      said = await command(line);
    } catch (error) {
      said = { error: String(error) };
    }
    console.log(JSON.stringify({ name: line.name, ...said }));
  }
}
