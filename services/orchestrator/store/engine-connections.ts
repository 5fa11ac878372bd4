// How many connections the engine of one orchestrator has beside those for requests. They are fixed, and none is opened beyond them.

/** Three lanes of the journal, one for signs of life, the rest for claims. */
export const enginePoolSize = 6;

/** Holds what shows that this process owns its executions. */
export const ownerPoolSize = 1;
