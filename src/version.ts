/** The product's version; build.mjs puts it in from package.json. */
export const version: string = process.env.STOREDB_VERSION ?? '0.0.0-source';
