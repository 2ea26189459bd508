import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { TestServer } from '../../plan/store-runs.ts';
import { startTestServer } from '../../plan/test-server.ts';
import { makeShop, type Shop } from './shop.ts';

/** Gives each test of a file a shop of its own, all of them on one server. */
export function shopForEachTest(use: (shop: Shop, server: TestServer) => void): void {
  let server: Awaited<ReturnType<typeof startTestServer>>;
  let shop: Shop;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(async () => server.stop());
  beforeEach(async () => {
    shop = await makeShop(server);
    use(shop, server);
  });
  afterEach(async () => shop.drop());
}
