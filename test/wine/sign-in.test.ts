import { expect, it } from 'vitest';
import { serverFor } from '../practice/tds/clients.ts';
import { startWine } from './wine.ts';

it('a Windows account signs in with the tokens of Windows', async () => {
  await using wine = await startWine();
  await using fixture = await serverFor({
    windowsUsers: [{ domain: 'SHOP', user: 'anna', password: 'Pässword-1' }],
  });
  const signIn = (password: string) => wine.script('sign-in.ts', [String(fixture.server.port), password]);
  expect(await signIn('Pässword-1')).toMatchObject({ status: 0, stdout: 'signed in' });
  expect(fixture.engine.logins).toMatchObject([{ user: 'SHOP\\anna', isWindowsUser: true }]);
  expect(await signIn('wrong')).toMatchObject({ status: 0, stdout: 'login-refused' });
});
