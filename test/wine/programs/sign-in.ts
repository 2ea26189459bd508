// Run on Windows' Node by test/wine/sign-in.test.ts: signs in to the server on that port as SHOP\anna, through SSPI.

import { ExpectedError } from '../../../src/core/errors.ts';
import { Secret } from '../../../src/core/secret.ts';
import { createSqlServers } from '../../../src/core/sql/connect.ts';
import { memoryPins } from '../../../src/core/sql/pins.ts';

const [, , port, password = ''] = process.argv;
const servers = createSqlServers({ pins: memoryPins(), appName: 'storedb', connectTimeoutMs: 15_000 });
try {
  const session = await servers.connect({
    server: `127.0.0.1,${port}`,
    encryption: 'trust',
    signIn: { kind: 'ntlm', domain: 'SHOP', user: 'anna', password: new Secret(password) },
  });
  await session.close();
  process.stdout.write('signed in');
} catch (error) {
  if (!(error instanceof ExpectedError)) throw error;
  process.stdout.write(error.code);
}
