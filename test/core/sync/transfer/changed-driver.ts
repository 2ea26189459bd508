import type { DriverSession } from '../../../../src/core/sql/mssql-session.ts';

/** The session as if a newer driver no longer asked who reads its answers: rows have to take the plain way. */
export const withoutHook = (session: DriverSession): DriverSession => ({
  ...session,
  get isLost() {
    return session.isLost;
  },
  withDriver: (work, signal) =>
    session.withDriver((connection) => {
      const changed = new Proxy(connection, {
        set: (target, name, value) => name === 'createTokenStreamParser' || Reflect.set(target, name, value),
        get: (target, name) => {
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
      return work(changed);
    }, signal),
});
