-- The service reads which migrations there are, so that it is not ready on a schema that it does not live with.

grant select on orchestrator.migrations to orchestrator_app;
