/**
 * SQL Server Express 2008 R2 and later stops at 10 GB of data files per database
 * (https://learn.microsoft.com/sql/sql-server/editions-and-components-of-sql-server-2016, "Scale limits").
 */
export const expressBytes = 10 * 1024 ** 3;
/** From here on the technician is warned. */
export const expressWarnShare = 0.7;
/** From here on nothing is set up any more: the next day's sales would not fit. */
export const expressStopShare = 0.95;

/** What a store database needs to begin with: the schema, its log, and room for the first load. */
export const neededBytes = 200 * 1024 ** 2;

export const megabytes = (bytes: number): string => `${Math.floor(bytes / 1024 ** 2)} MB`;
