// How many connections the engine of one orchestrator has beside those for requests. They are fixed, and none is opened beyond them.

/** One for each lane of the journal. */
export const journalPoolSize = 2;

/** Claims, and reading what is taken up. */
export const enginePoolSize = 3;

/** Holds what shows that this process owns its executions. */
export const ownerPoolSize = 1;
