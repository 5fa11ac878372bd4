// Where a workflow stands, as SQL: as its newest execution does.

/** The status word of a workflow `f` whose newest execution, if there is one, is `x`. */
export const workflowStatusSql = `case
    when x.status in ('completed', 'failed', 'cancelled') then x.status
    when x.status is not null then 'running'
    when f.was_cancelled then 'cancelled'
    when f.schedule <> '' then 'scheduled'
    else 'created' end`;
