/** Under which the services of all registers write into the event log of Windows. */
export const eventSource = 'storedb';
