// Everything a story needs under one roof: server, customer, foreign site, browser; and it is cleared up afterwards.

import { after, before } from "node:test";
import { launch, openContext, openPage } from "./browser.mjs";
import { Customer } from "./customer.mjs";
import { startServer } from "./server.mjs";
import { startSite } from "./site.mjs";

/** Call at the top of a test file; the returned object is furnished before its first test. */
export function useHouse(furnish = async () => undefined, options = {}) {
  const house = {};
  const contexts = [];
  before(async () => {
    house.server = await startServer(options);
    house.customer = new Customer(house.server);
    house.site = await startSite();
    house.browser = await launch();
    house.newContext = async () => {
      const context = await openContext(house.browser);
      contexts.push(context);
      return context;
    };
    house.newPage = async () => openPage(await house.newContext());
    await furnish(house);
  });
  after(async () => {
    for (const context of contexts) await context.close();
    await house.browser?.close();
    await house.site?.stop();
    await house.server?.stop();
  });
  return house;
}
