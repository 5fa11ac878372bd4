// The category models that a domain may choose. The models themselves belong to the agents service; a test holds both lists together.

/** Names of the models, in alphabetical order. */
export const categoryModelNames = ['boston-vz', 'boston311', 'dc-vz'] as const;

/** Name of a model. */
export type CategoryModelName = (typeof categoryModelNames)[number];
